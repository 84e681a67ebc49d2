/** The end of a log, or a traceback: text that scrolls within its own bounds. */
interface LogTextProps {
  readonly label: string
  readonly lines: readonly string[]
}

export function LogText({ label, lines }: LogTextProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2"
    >
      <pre className="num text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
        {lines.join('\n')}
      </pre>
    </div>
  )
}
