/** The operating system's store for secrets through Electron's asynchronous safeStorage; refuses what protects nothing. */
import type { SafeStorage } from 'electron'
import { secret } from '../../lib/secret.ts'
import type { Cipher } from '../../platform.ts'

/** Linux back ends whose key is hard-coded or not known: as good as clear text (facts: electron's own documentation). */
const worthless: readonly string[] = ['basic_text', 'unknown']

/** What the store is called beside each secret. */
function storeName(
  safeStorage: Pick<SafeStorage, 'getSelectedStorageBackend'>,
  platform: NodeJS.Platform,
): string {
  if (platform === 'darwin') return 'keychain'
  if (platform === 'win32') return 'dpapi'
  return safeStorage.getSelectedStorageBackend()
}

/** The cipher, or null where there is no store worth its name. Call it after the app is ready. */
export async function desktopCipher(
  safeStorage: Pick<
    SafeStorage,
    'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
  >,
  platform: NodeJS.Platform,
): Promise<Cipher | null> {
  const store = storeName(safeStorage, platform)
  if (worthless.includes(store)) return null
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return null
  return {
    store,
    encrypt: async (text) => new Uint8Array(await safeStorage.encryptStringAsync(text)),
    decrypt: async (data) => secret((await safeStorage.decryptStringAsync(Buffer.from(data))).result),
  }
}
