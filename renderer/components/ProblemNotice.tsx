/** A failure where it happened: what, the next step, and its code to look up. */
import type { ReactNode } from 'react'
import { toProblem } from '../api/problem.ts'
import { Notice } from '../ui/Notice.tsx'
import { CopyButton } from './CopyButton.tsx'

interface ProblemNoticeProps {
  /** Anything thrown, or a problem that the back end sent as a value. */
  readonly problem: unknown
  readonly actions?: ReactNode
  readonly tone?: 'bad' | 'warn'
  readonly alert?: boolean
}

interface Shown {
  readonly code: string
  readonly message: string
  readonly hint: string
}

const isProblem = (value: unknown): value is Shown =>
  !(value instanceof Error) &&
  typeof value === 'object' &&
  value !== null &&
  'message' in value &&
  'hint' in value

export function ProblemNotice({ problem, actions, tone = 'bad', alert = false }: ProblemNoticeProps) {
  if (problem === null || problem === undefined) return null
  const { code, message, hint } = isProblem(problem) ? problem : toProblem(problem)
  return (
    <Notice
      tone={tone}
      title={message}
      hint={hint}
      code={code}
      beside={<CopyButton text={`${message}\n${hint}\n${code}`} what="the error" />}
      alert={alert}
      {...(actions ? { actions } : {})}
    />
  )
}
