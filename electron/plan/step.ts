/** The shape of everything that takes steps: check reality, change it, take it back. */

export type Finding = {
  readonly state: 'present' | 'absent' | 'drifted' | 'blocked'
  /** A reason a person can read: "Java 17.0.15 at /usr/bin/java". */
  readonly reason: string
  readonly hint?: string
  /** What was chosen goes without this step. */
  readonly unused?: boolean
  /** What applying would change, for a dry run. */
  readonly changes?: readonly { readonly target: string; readonly before: string; readonly after: string }[]
  /** Facts for the steps that need this one. */
  readonly outputs?: Readonly<Record<string, string>>
}

/** What a step may use while it works. */
export interface StepContext {
  /** Outputs of the steps named in `needs`, by step id. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** One line of the step's own log. */
  log(line: string): void
  /** `fraction` 0 to 1, null where the end is not known. */
  progress(fraction: number | null, text: string): void
  /** Records that we are about to make something, before it is made; `undo` removes only what is recorded. */
  own(thing: string): Promise<void>
  disown(thing: string): Promise<void>
  owns(thing: string): boolean
}

export interface Step {
  readonly id: string
  readonly title: string
  /** Ids of earlier steps whose outputs this one uses. */
  readonly needs?: readonly string[]
  /** Shown before Apply where it costs money. */
  readonly cost?: string
  /** Reads reality, changes nothing. Something half-made or failing is `drifted`, never `absent`. */
  check(context: StepContext, signal: AbortSignal): Promise<Finding>
  /** Makes it so, trusting nothing it did not just read. The engine checks again afterwards. */
  apply(context: StepContext, signal: AbortSignal): Promise<void>
  undo?(context: StepContext, signal: AbortSignal): Promise<void>
}
