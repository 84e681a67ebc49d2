/** One ledger for several places that a plan is applied to one after the other: what was made in one is not undone in another. */
import type { Ledger } from './ledger.ts'

/** Of the ledger: the places in which something was made. */
export const placeStep = 'workspace'
/** One list for each place; a thing is known by its step and its name. */
export const stepAt = (place: string): string => `at ${place}`
const separator = ': '

/** The part of a ledger that is about one place, such as a workspace: the one that `place` names when it is asked. */
export function ledgerAt(base: Ledger, place: () => string): Ledger {
  const named = (step: string, thing: string) => `${step}${separator}${thing}`
  const at = () => stepAt(place())
  return {
    problem: base.problem,
    owns: (step, thing) => base.owns(at(), named(step, thing)),
    things: (step) =>
      base
        .things(at())
        .filter((each) => each.startsWith(named(step, '')))
        .map((each) => each.slice(named(step, '').length)),
    own: async (step, thing) => {
      await base.own(placeStep, place())
      await base.own(at(), named(step, thing))
    },
    disown: (step, thing) => base.disown(at(), named(step, thing)),
    disownAll: async (steps) => {
      for (const each of base.things(at()))
        if (steps.some((step) => each.startsWith(named(step, '')))) await base.disown(at(), each)
    },
  }
}
