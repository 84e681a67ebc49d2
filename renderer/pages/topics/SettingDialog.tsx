/** One setting of a topic: what it means, what holds now, and another value or the default again. */
import { useState } from 'react'
import type { TopicSetting } from '../../../shared/contract/topicOps.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Facts } from '../../components/records/Facts.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { inWords } from './settingValue.ts'

export const sourceWords: Readonly<Record<TopicSetting['source'], string>> = {
  topic: 'this topic',
  broker: 'its broker',
  brokers: 'all brokers',
  file: 'the broker’s file',
  default: 'Kafka’s default',
}

const spoken = (name: string, value: string | null): string => {
  if (value === null) return unknown
  const words = inWords(name, value)
  return words === null ? value || '(empty)' : `${value} (${words})`
}

interface SettingDialogProps {
  readonly topic: string
  readonly setting: TopicSetting
  readonly onClose: () => void
  readonly onChanged: (settings: TopicSetting[]) => void
}

export function SettingDialog({ topic, setting, onClose, onChanged }: SettingDialogProps) {
  const pipeline = usePipeline().id
  const { name, value: before, fallback } = setting
  const [value, setValue] = useState(before ?? '')
  const change = useAction(
    (to: string | null) => client.topicOps.change({ pipeline, topic, changes: [{ name, value: to }] }),
    (settings) => {
      onChanged(settings)
      onClose()
    },
  )
  const fixed = setting.readOnly || setting.sensitive
  const words = inWords(name, value)
  return (
    <Dialog
      open
      title={name}
      onClose={onClose}
      onSubmit={() => {
        if (!fixed && value !== before) change.mutate(value)
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {setting.source === 'topic' && !fixed && (
            <Button busy={change.isPending && change.variables === null} onClick={() => change.mutate(null)}>
              Back to {fallback === null ? 'the default' : fallback || '(empty)'}
            </Button>
          )}
          <Button
            type="submit"
            variant="primary"
            disabled={fixed || value === before}
            busy={change.isPending && change.variables !== null}
          >
            Save
          </Button>
        </>
      }
    >
      {setting.explanation !== '' && <p className="text-sm text-ink-2">{setting.explanation}</p>}
      <Facts
        facts={[
          ['Now', spoken(name, before)],
          ['From', sourceWords[setting.source]],
          ['Without a value of its own', spoken(name, fallback)],
        ]}
      />
      {fixed ? (
        <Notice
          tone="info"
          title={
            setting.sensitive ? 'The cluster keeps this value to itself.' : 'This setting cannot be changed.'
          }
        />
      ) : setting.type === 'boolean' ? (
        <SelectField
          label="New value"
          value={value}
          options={['true', 'false'].map((each) => ({ value: each, label: each }))}
          onChange={setValue}
        />
      ) : (
        <TextField
          label="New value"
          value={value}
          onChange={setValue}
          help={
            value === before
              ? setting.type
              : `${spoken(name, before)} becomes ${words === null ? value : `${value} (${words})`}`
          }
        />
      )}
      {name.startsWith('retention.') && value !== before && (
        <Notice tone="warn" title="What is older or beyond it is deleted by the broker soon after." />
      )}
      <ProblemNotice problem={change.error} alert />
    </Dialog>
  )
}
