/** Settings. */

import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'

export function SettingsPage() {
  return (
    <>
      <PageHead title="Settings" sub="" />
      <Skeleton className="h-64" />
    </>
  )
}
