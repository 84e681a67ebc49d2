/** Streams. */

import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'

export function StreamsPage() {
  return (
    <>
      <PageHead title="Streams" sub="" />
      <Skeleton className="h-64" />
    </>
  )
}
