/** What `<executable> …` was asked for, and how another process of this installation is started. */
import { sep } from 'node:path'
import type { OwnerProgram } from '../backend.ts'

/**
 * Chromium without a display. It counts only on the command line: Electron chooses the platform before our first line runs
 * (`SetOzonePlatformForLinuxIfNeeded`).
 */
export const headlessSwitch = '--ozone-platform=headless'

function withoutSwitches(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !word.startsWith('-'))
  return first < 0 ? [] : words.slice(first)
}

/**
 * The command and its arguments. Switches before it are Chromium's, as AppImage's starter puts them there; so does a `--`,
 * after which Electron on Windows takes addresses as arguments. In development the app's folder comes first.
 */
export function commandOf(argv: readonly string[], packaged: boolean): readonly string[] {
  const words = withoutSwitches(argv.slice(1))
  return packaged ? words : withoutSwitches(words.slice(1))
}

export interface Installation {
  readonly packaged: boolean
  readonly execPath: string
  /** `app.getAppPath()`. */
  readonly appPath: string
  readonly environment: NodeJS.ProcessEnv
}

/**
 * How a process of ours is started that may outlive this one. An AppImage is started as the image: its files are mounted only as
 * long as the process that mounted them lives. (The variables may come from another AppImage that started us.)
 */
export function ownProgram({ packaged, execPath, appPath, environment }: Installation): OwnerProgram {
  if (!packaged) return { program: execPath, args: [appPath] }
  const { APPIMAGE: image, APPDIR: mounted } = environment
  const ours = image !== undefined && mounted !== undefined && execPath.startsWith(mounted + sep)
  return { program: ours ? image : execPath, args: [] }
}

/** True where a command would end for want of a display, and the switch is not given yet. */
export function lacksDisplay(
  platform: NodeJS.Platform,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): boolean {
  if (platform !== 'linux' || argv.includes(headlessSwitch)) return false
  return !environment.DISPLAY && !environment.WAYLAND_DISPLAY
}
