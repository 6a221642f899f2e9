import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Keychain } from '../../core/ports/keychain.ts';

/** The service name under which the system lists our entries. */
const SERVICE = 'session-log';
/** A keychain that prompts for a password responds once it is typed. A command does not wait for that. */
const LIMIT_MS = 3_000;

/** An entry as in `@napi-rs/keyring`; tests replace it. */
export interface KeychainEntry {
  getPassword(signal?: AbortSignal): Promise<string | null>;
  setPassword(secret: string, signal?: AbortSignal): Promise<void>;
}

export interface KeychainOptions {
  /** Opens an entry; null if there is no keychain. */
  readonly open?: (service: string, name: string) => Promise<KeychainEntry | null>;
  /** Milliseconds; {@link LIMIT_MS} by default. */
  readonly limitMs?: number;
}

/** The macOS keychain, the Windows Credential Manager, the Secret Service of Linux desktops; none if its package or its service is missing. */
export function createSystemKeychain({
  open = openEntry,
  limitMs = LIMIT_MS,
}: KeychainOptions = {}): Keychain {
  const within = async <T>(
    name: string,
    call: (entry: KeychainEntry, signal: AbortSignal) => Promise<T>,
  ): Answer<T> => {
    const signal = AbortSignal.timeout(limitMs);
    const late = new Promise<Result<T, AppError>>((resolve) => {
      signal.addEventListener('abort', () => resolve(err(tooLate(limitMs))), { once: true });
    });
    const asked = open(SERVICE, name).then(async (entry): Answer<T> =>
      entry === null ? err(noKeychain()) : ok(await call(entry, signal)),
    );
    // A rejection that comes too late is ignored.
    return await Promise.race([asked.catch((error: unknown) => err(refused(error))), late]);
  };
  return {
    read: (name) => within(name, (entry, signal) => entry.getPassword(signal)),
    write: (name, secret) => within(name, (entry, signal) => entry.setPassword(secret, signal)),
  };
}

async function openEntry(service: string, name: string): Promise<KeychainEntry | null> {
  // The package falls back to the kernel's keyring, which is lost on reboot; without a session bus nothing else is possible.
  if (process.platform === 'linux' && !process.env['DBUS_SESSION_BUS_ADDRESS']) return null;
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return new AsyncEntry(service, name, { linux: { store: 'secret-service' } });
  } catch {
    // An optional package, absent on some systems; and asking for a service that is not running throws.
    return null;
  }
}

function noKeychain(): AppError {
  return appError(
    'not-configured',
    'This system has no keychain that can be reached from here.',
    'Sign in to the desktop session whose keychain it is, and repeat.',
  );
}

function tooLate(ms: number): AppError {
  return appError(
    'timeout',
    `The keychain did not answer within ${ms / 1_000} s.`,
    'Unlock it (it may be asking for its password in a window), and repeat.',
    { transient: true },
  );
}

/** The system's message is omitted: it may quote anything. */
function refused(error: unknown): AppError {
  const isLocked = error instanceof Error && /lock/i.test(error.message);
  return appError(
    'denied',
    isLocked ? 'The keychain is locked.' : 'The keychain refuses this program.',
    'Unlock it, allow Session Log to use it, and repeat.',
  );
}
