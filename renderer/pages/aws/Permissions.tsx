/** What the identity may do, asked of IAM without doing it; what is missing comes with a policy to copy. */
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Permission } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { TextField } from '../../ui/Field.tsx'
import { StateDot } from '../../ui/StateDot.tsx'

const usual =
  'sts:GetCallerIdentity, ec2:DescribeInstances, ec2:RunInstances, kinesis:ListStreams, kinesis:PutRecords'
const dots = { allowed: 'good', denied: 'bad', unknown: 'off' } as const

export function Permissions() {
  const pipeline = usePipeline().id
  const [text, setText] = useState(usual)
  const check = useAction(client.aws.permissions)
  const { data } = check
  const actions = text.split(/[\s,]+/).filter(Boolean)
  const denied = data?.actions.filter(({ state }) => state === 'denied').length ?? 0
  return (
    <Card title="May it do this?">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (actions.length > 0) check.mutate({ pipeline, actions })
        }}
      >
        <TextField
          label="Actions"
          value={text}
          onChange={setText}
          help="IAM’s simulator is asked; nothing is done. What it cannot say is unknown and stops nothing."
        />
        <div>
          <Button type="submit" icon={ShieldCheck} busy={check.isPending}>
            Check
          </Button>
        </div>
        <ProblemNotice problem={check.error} alert />
        {data !== undefined && (
          <>
            <p role="status" className="font-medium">
              {denied === 0 ? 'Nothing is denied.' : `${counted(denied, 'action')} denied.`}
            </p>
            <ul aria-label="Permissions" className="grid gap-1 text-sm">
              {data.actions.map((each) => (
                <Row key={each.action} permission={each} />
              ))}
            </ul>
          </>
        )}
        {data?.policy != null && (
          <div className="grid gap-1">
            <div className="flex items-center gap-2">
              <h3>Policy that would allow it</h3>
              <CopyButton text={data.policy} what="the policy" words="Copy" />
            </div>
            <pre className="num rounded-md bg-sunken p-3 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
              {data.policy}
            </pre>
          </div>
        )}
      </form>
    </Card>
  )
}

function Row({ permission: { action, state, reason } }: { readonly permission: Permission }) {
  return (
    <li className="flex items-baseline gap-2">
      <StateDot state={dots[state]} label={state} />
      <span className="num">{action}</span>
      <span className="text-ink-2">{reason}</span>
    </li>
  )
}
