/** What every systemd unit of ours on a host shares: how it is asked, started and, where it fails, what it said. */
import type { RootShell } from '../../clients/ssh/sudo.ts'
import type { StepContext } from '../../plan/step.ts'

/** Null where it runs and starts at boot, else what systemd says. */
export async function unitState(root: RootShell, unit: string, signal: AbortSignal): Promise<string | null> {
  const script = `echo "$(systemctl is-active ${unit}) $(systemctl is-enabled ${unit} 2>/dev/null)"`
  const [active, enabled] = (await root.must('Asking systemd', script, { signal })).trim().split(' ')
  if (active === 'active' && enabled === 'enabled') return null
  return `systemd says: ${active}, ${enabled || 'not installed'}`
}

/** Takes on its files, starts it anew and waits until it is ready; where it does not become so, its last words go to the log. */
export async function startUnit(
  root: RootShell,
  unit: string,
  context: Pick<StepContext, 'log'>,
  signal: AbortSignal,
  ready: () => Promise<unknown>,
): Promise<void> {
  await root.must(
    `Starting ${unit}`,
    `systemctl daemon-reload && systemctl enable --quiet ${unit} && systemctl restart ${unit}`,
    { signal },
  )
  try {
    await ready()
  } catch (thrown) {
    signal.throwIfAborted()
    const { stdout } = await root.run(`journalctl -u ${unit} -n 20 --no-pager -o cat`, { signal })
    for (const line of stdout.trim().split('\n')) context.log(line)
    throw thrown
  }
}
