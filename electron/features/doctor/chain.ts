/** Looks at links one after the other, each with a time limit of its own; what needs a bad one is skipped, the rest goes on. */
import type { Problem } from '../../../shared/contract/base.ts'
import type { Doctor, DoctorLink } from '../../../shared/contract/doctor.ts'
import { type DoctorLinkId, doctorTitles } from '../../../shared/doctor.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import { type Broadcast, broadcast } from '../../lib/broadcast.ts'
import { faultsOf } from './faults.ts'

/** What was found of a link; what is left out is empty. */
export type Found = Pick<DoctorLink, 'state' | 'text'> & Partial<Omit<DoctorLink, 'id' | 'state' | 'text'>>

/** Says what was found of a link; its time is up then, and that of the next one begins. */
export type Tell = (id: DoctorLinkId, found: Found) => void

/** Links that are found out by one piece of work, in their order. */
export interface Part {
  readonly links: readonly DoctorLinkId[]
  /** None of these may be bad or skipped; asked when its turn has come. */
  needs(): readonly DoctorLinkId[]
  /** Why this pipeline has no such links; null where it has. */
  readonly unused: string | null
  /** For each link, ms. */
  readonly limitMs: number
  /** What is thrown is the failure of the link that has not been told of yet. Must end soon after the signal. */
  look(tell: Tell, signal: AbortSignal): Promise<void>
}

/** What a link is given unless it says otherwise, ms. */
const usualLimitMs = 12_000

/** A part of one link. */
export function single(
  id: DoctorLinkId,
  needs: readonly DoctorLinkId[],
  look: (signal: AbortSignal) => Promise<Found>,
  limitMs = usualLimitMs,
): Part {
  return {
    links: [id],
    needs: () => needs,
    unused: null,
    limitMs,
    look: async (tell, signal) => tell(id, await look(signal)),
  }
}

/** Links that this pipeline does not have, and why. */
export function notUsed(links: readonly DoctorLinkId[], why: string): Part {
  return { links, needs: () => [], unused: why, limitMs: 0, look: () => Promise.resolve() }
}

const blank = (id: DoctorLinkId): DoctorLink => ({
  id,
  state: 'waiting',
  text: '',
  problem: null,
  faults: [],
  lines: [],
  action: null,
})

/** The chain as it is looked at, each change; the last one is `done`. Never throws. Ends with the signal. */
export async function* runChain(
  parts: readonly Part[],
  signal: AbortSignal,
): AsyncGenerator<Doctor, void, void> {
  const links = parts.flatMap((part) =>
    part.links.map(
      (id): DoctorLink =>
        part.unused === null ? blank(id) : { ...blank(id), state: 'unused', text: part.unused },
    ),
  )
  const state = broadcast<Doctor>({ links, done: false })
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  void followAll(parts, state, both)
  try {
    for await (const now of state.watch(both)) {
      yield now
      if (now.done) return
    }
  } finally {
    over.abort()
  }
}

async function followAll(
  parts: readonly Part[],
  state: Broadcast<Doctor>,
  signal: AbortSignal,
): Promise<void> {
  const set = (id: DoctorLinkId, change: Partial<DoctorLink>) =>
    state.set({
      ...state.get(),
      links: state.get().links.map((link) => (link.id === id ? { ...link, ...change } : link)),
    })
  for (const part of parts) {
    if (signal.aborted) return
    if (part.unused !== null) continue
    const needs = part.needs()
    const broken = state
      .get()
      .links.find(({ id, state: of }) => needs.includes(id) && (of === 'bad' || of === 'skipped'))
    if (broken !== undefined) skip(part.links, broken.id, set)
    else await followOne(part, set, signal)
  }
  state.set({ ...state.get(), done: true })
}

function skip(
  links: readonly DoctorLinkId[],
  needed: DoctorLinkId,
  set: (id: DoctorLinkId, change: Partial<DoctorLink>) => void,
): void {
  for (const id of links) set(id, { state: 'skipped', text: `not looked at: needs ${doctorTitles[needed]}` })
}

async function followOne(
  part: Part,
  set: (id: DoctorLinkId, change: Partial<DoctorLink>) => void,
  signal: AbortSignal,
): Promise<void> {
  const left = [...part.links]
  const ended = new AbortController()
  const both = AbortSignal.any([signal, ended.signal])
  let last: DoctorLinkId | undefined
  let limit: ReturnType<typeof setTimeout> | undefined
  const begin = () => {
    clearTimeout(limit)
    const [next] = left
    if (next === undefined) return
    set(next, { state: 'working' })
    limit = setTimeout(() => ended.abort(tooLate(next, part.limitMs)), part.limitMs)
  }
  const told = (id: DoctorLinkId, found: Found) => {
    left.splice(left.indexOf(id), 1)
    last = id
    set(id, { ...found, faults: found.faults ?? faultsOf(found.problem?.code, id) })
  }
  const tell: Tell = (id, found) => {
    if (both.aborted || !left.includes(id)) return
    told(id, found)
    begin()
  }
  begin()
  try {
    await Promise.race([part.look(tell, both), aborted(both)])
  } catch (thrown) {
    if (signal.aborted) return
    const [id] = left
    if (id !== undefined) told(id, { state: 'bad', text: '', problem: problemOf(thrown) })
  } finally {
    clearTimeout(limit)
    ended.abort()
  }
  // A way that ends at a bad link of its own.
  if (last !== undefined) skip(left, last, set)
}

/** Anything thrown, as the contract carries it. */
export const problemOf = (thrown: unknown): Problem => ({ ...toErrorDetail(thrown) }) as Problem

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const over = () => reject(signal.reason)
    if (signal.aborted) over()
    else signal.addEventListener('abort', over, { once: true })
  })
}

function tooLate(id: DoctorLinkId, limitMs: number): AppError {
  return new AppError({
    code: 'DOCTOR_TIMEOUT',
    message: `No answer within ${Math.round(limitMs / 1_000)} s: ${doctorTitles[id]}`,
    hint: 'Something on the way swallows it without a word: a firewall or security group, or a program that waits for another. Look at the links above first.',
  })
}
