/** Emulation. */
import { PageHead } from '../../ui/Card.tsx'

export function EmulationPage() {
  return <PageHead title="Emulation" sub="" />
}
