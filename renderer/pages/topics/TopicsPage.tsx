/** Topics. */

import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'

export function TopicsPage() {
  return (
    <>
      <PageHead title="Topics" sub="" />
      <Skeleton className="h-64" />
    </>
  )
}
