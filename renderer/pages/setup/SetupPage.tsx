/** Setup. */
import { PageHead } from '../../ui/Card.tsx'

export function SetupPage() {
  return <PageHead title="Set-up" sub="" />
}
