/** Connects, then draws. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from './api/connection.ts'
import { queryClient } from './api/query.ts'
import { Gate } from './components/Gate.tsx'
import { createPageRouter } from './routes.tsx'
import './styles.css'

connect()

/** The router reads the address: not before the token has been taken out of it. */
function Pages() {
  const [router] = useState(createPageRouter)
  return <RouterProvider router={router} />
}

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no root.')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Gate>
        <Pages />
      </Gate>
    </QueryClientProvider>
  </StrictMode>,
)
