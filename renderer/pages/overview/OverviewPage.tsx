/** Overview. */
import { PageHead } from '../../ui/Card.tsx'

export function OverviewPage() {
  return <PageHead title="Overview" sub="" />
}
