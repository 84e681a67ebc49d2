/** The licences of everything that the app is made of. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { client } from '../../api/client.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'

export function LicencesPage() {
  const licences = useQuery({
    queryKey: ['app.licences'],
    queryFn: ({ signal }) => client.app.licences(undefined, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <PageHead
        title="Licences"
        sub="Pipeline Control is under the MIT licence; it stands on the work of many others."
        actions={
          <Link to="/settings" className={buttonClass({})}>
            <ArrowLeft size={16} strokeWidth={1.75} aria-hidden />
            Settings
          </Link>
        }
      />
      <ProblemNotice
        problem={licences.error}
        actions={<Button onClick={() => void licences.refetch()}>Try again</Button>}
      />
      {licences.isPending && <Skeleton className="h-96 rounded-xl" />}
      {licences.data !== undefined && (
        // biome-ignore-start lint/a11y/noNoninteractiveTabindex: a scrolled text must be reachable by keyboard
        <section
          aria-label="Text of the licences"
          tabIndex={0}
          className="max-h-[calc(100vh-190px)] overflow-auto rounded-xl border border-line bg-panel p-4 shadow-card"
        >
          <pre className="text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{licences.data.text}</pre>
        </section>
        // biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above
      )}
    </>
  )
}
