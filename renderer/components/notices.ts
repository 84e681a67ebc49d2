/** Whether this browser tells of the end of long work, and asking it to. In the window the desktop does it. */
import { useSyncExternalStore } from 'react'

/** `missing`: the browser knows no notifications. `blocked`: it was told to refuse them here. */
export type Permission = 'missing' | 'blocked' | 'ask' | 'granted'

/** The page of the window: there the main process tells, and the page may not. */
export const inWindow = location.protocol === 'app:'

const listeners = new Set<() => void>()

function permission(): Permission {
  if (!('Notification' in window)) return 'missing'
  return ({ denied: 'blocked', default: 'ask', granted: 'granted' } as const)[Notification.permission]
}

/** A browser tells nobody that its settings changed: it is looked at whenever a person comes back. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('focus', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('focus', listener)
  }
}

export function usePermission(): Permission {
  return useSyncExternalStore(subscribe, permission)
}

/** Only after a press: browsers refuse it otherwise. */
export async function askPermission(): Promise<Permission> {
  if (permission() === 'ask') await Notification.requestPermission()
  for (const listener of listeners) listener()
  return permission()
}
