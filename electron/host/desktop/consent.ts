/** The native questions: consent to something destructive, and what becomes of running work when the window closes. */
import type { BrowserWindow, Dialog, MessageBoxOptions } from 'electron'
import type { ConsentQuestion } from '../../../shared/contract/app.ts'

/** More lines than this would not fit on a small screen. */
const shownLosses = 12

/** True where the person agreed. Cancel is the default button and what Escape means. A terminal may ask while no window is open. */
export async function askConsent(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow | null,
  question: ConsentQuestion,
): Promise<boolean> {
  const more = question.losses.length - shownLosses
  const lines = question.losses.slice(0, shownLosses).concat(more > 0 ? [`… and ${more} more`] : [])
  const options: MessageBoxOptions = {
    type: 'warning',
    message: question.title,
    detail: [question.lead, ...lines].join('\n'),
    buttons: ['Cancel', question.agree],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options))
  return response === 1
}

export type ClosingAnswer = 'keep' | 'stop' | 'cancel'

/** What to do with work that is still running (decision 20). */
export async function askClosing(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow,
  work: { readonly runs: readonly string[]; readonly stack: boolean },
): Promise<ClosingAnswer> {
  const parts = [
    ...(work.runs.length > 0 ? [`${work.runs.length} emulation${work.runs.length > 1 ? 's' : ''}`] : []),
    ...(work.stack ? ['the local stack'] : []),
  ]
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Still running: ${parts.join(' and ')}.`,
    detail:
      'Keep it running without a window, stop it and quit, or stay here. Opening the app again brings the window back.',
    buttons: ['Keep running', 'Stop and quit', 'Cancel'],
    defaultId: 2,
    cancelId: 2,
    noLink: true,
  })
  return response === 0 ? 'keep' : response === 1 ? 'stop' : 'cancel'
}
