/** Settings: of the pipeline in use, of the app, and what a person may want to know about both. */
import { useAppInfo, useSettings } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { AddressesSection, FoldersSection, ProblemsSection, VersionsSection } from './AboutSection.tsx'
import { AppSection } from './AppSection.tsx'
import { DiskSection } from './DiskSection.tsx'
import { NotificationsSection } from './NotificationsSection.tsx'
import { PipelineSection } from './PipelineSection.tsx'
import { SecretsSection } from './SecretsSection.tsx'
import { SupportSection } from './SupportSection.tsx'
import { ThemeSection } from './ThemeSection.tsx'

export function SettingsPage() {
  const settings = useSettings()
  const info = useAppInfo()
  return (
    <>
      <PageHead title="Settings" sub="Of the pipeline in use and of the app. Kept on this computer only." />
      {info.data !== undefined && <ProblemsSection info={info.data} />}
      <div className="grid grid-cols-[minmax(0,1fr)_320px] items-start gap-4 max-[1000px]:grid-cols-1">
        <div className="grid gap-4">
          <PipelineSection />
          <ProblemNotice
            problem={settings.error}
            actions={<Button onClick={() => void settings.refetch()}>Try again</Button>}
          />
          {settings.data !== undefined && <AppSection stored={settings.data} />}
          {settings.isPending && <Skeleton className="h-96 rounded-xl" />}
        </div>
        <div className="grid gap-4">
          {settings.data !== undefined && (
            <>
              <ThemeSection stored={settings.data} />
              <NotificationsSection stored={settings.data} />
            </>
          )}
          <AddressesSection />
          <DiskSection />
          <SecretsSection />
          <ProblemNotice
            problem={info.error}
            actions={<Button onClick={() => void info.refetch()}>Try again</Button>}
          />
          {info.isPending && <Skeleton className="h-64 rounded-xl" />}
          {info.data !== undefined && (
            <>
              <FoldersSection info={info.data} />
              <VersionsSection info={info.data} />
              <SupportSection />
            </>
          )}
        </div>
      </div>
    </>
  )
}
