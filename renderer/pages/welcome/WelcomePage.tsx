/** The first screen of the first time: what this is, what Start will do, one button. */
import { useNavigate } from '@tanstack/react-router'
import { CirclePlay, HardDrive, Play, Workflow } from 'lucide-react'
import { usePipeline } from '../../api/pipeline.ts'
import { Mark } from '../../components/Mark.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { leaveWelcome } from '../../components/useFirstRun.ts'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { Button } from '../../ui/Button.tsx'

const acts = [
  {
    icon: Play,
    title: 'Start',
    text: 'A real Kafka, a Kinesis, a gateway and a lake of files come up on this computer. No account, no Docker.',
  },
  {
    icon: CirclePlay,
    title: 'Emulate',
    text: 'Users post as they do on Pinterest: each post is three records, sent as the original script sends them.',
  },
  {
    icon: Workflow,
    title: 'Watch',
    text: 'Records arrive in three topics, three streams and the lake. Every number is counted, and can be proved.',
  },
]

export function WelcomePage() {
  const { folder } = usePipeline()
  const navigate = useNavigate()
  const control = usePlanControl()
  const leave = () => {
    leaveWelcome()
    void navigate({ to: '/' })
  }
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-7 pt-[6vh]">
      <div className="grid justify-items-start gap-3">
        <Mark size={44} />
        <h1 tabIndex={-1} className="text-[28px] outline-none">
          Welcome
        </h1>
        <p className="max-w-xl text-lg text-ink-2">
          Pipeline Control runs the whole Pinterest data pipeline on this computer, and shows it while it
          works.
        </p>
      </div>
      <ol className="grid grid-cols-3 gap-4">
        {acts.map(({ icon: Icon, title, text }, index) => (
          <li key={title} className="rounded-xl border border-line bg-panel px-4 py-4 shadow-card">
            <span className="mb-2.5 flex items-center gap-2 text-accent">
              <Icon size={18} strokeWidth={1.75} aria-hidden />
              <span className="num text-xs text-ink-3">{index + 1}</span>
            </span>
            <h2>{title}</h2>
            <p className="mt-1 text-sm text-ink-2">{text}</p>
          </li>
        ))}
      </ol>
      <ProblemNotice problem={control.error} alert />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          icon={Play}
          busy={control.asking}
          onClick={() => {
            control.run('apply')
            leave()
          }}
        >
          Start
        </Button>
        <Button variant="quiet" onClick={leave}>
          Look around first
        </Button>
      </div>
      <p className="flex items-start gap-2 text-sm text-ink-2">
        <HardDrive size={15} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          The first start may download Java and Kafka (about 180 MB). Data stays in <code>{folder}</code>
        </span>
      </p>
    </div>
  )
}
