/** Welcome. */
import { PageHead } from '../../ui/Card.tsx'

export function WelcomePage() {
  return <PageHead title="Welcome" sub="" />
}
