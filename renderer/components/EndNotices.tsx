/** Tells of the end of long work while the page is out of sight; a press on it shows where. Stands once in the shell. */
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { endOf } from '../../shared/ends.ts'
import { useActivity } from '../api/pipeline.ts'
import { useSettings } from '../api/query.ts'
import { inWindow, usePermission } from './notices.ts'

export function EndNotices() {
  const router = useRouter()
  const wanted = useSettings().data?.notifyEnds === true
  const allowed = usePermission() === 'granted'
  const { value } = useActivity()
  const told = useRef<number | null>(null)
  useEffect(() => {
    if (value === undefined) return
    const last = value.at(-1)?.id ?? 0
    const since = told.current ?? last
    told.current = last
    if (!wanted || !allowed || inWindow || document.hasFocus()) return
    for (const entry of value) {
      const end = entry.id > since ? endOf(entry) : null
      if (end === null) continue
      // Of several pages that tell the same, one is shown.
      const notice = new Notification(end.title, { body: end.body, tag: `pipeline-${entry.id}` })
      notice.onclick = () => {
        window.focus()
        router.history.push(`/${end.path}`)
        notice.close()
      }
    }
  }, [value, wanted, allowed, router])
  return null
}
