/** Activity. */

import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'

export function ActivityPage() {
  return (
    <>
      <PageHead title="Activity" sub="" />
      <Skeleton className="h-64" />
    </>
  )
}
