/** Says on every page that a part ended and is being started again: what the page shows of it is then old. */
import { useOverview, usePipeline } from '../api/pipeline.ts'

export function RestartBanner() {
  const nodes = useOverview(usePipeline().id).value?.nodes ?? []
  const problems = nodes.flatMap(({ problem }) => (problem?.code === 'CHILD_RESTARTING' ? [problem] : []))
  return (
    <div role="status" className="sticky top-0 z-10">
      {problems.map(({ message }) => (
        <p key={message} className="border-b border-warn/40 bg-warn-soft px-5 py-1.5 text-sm font-medium">
          {message}. What this page shows of it is from before; it goes on by itself.
        </p>
      ))}
    </div>
  )
}
