import type * as Library from 'google-auth-library';
import type { AuthClient } from 'google-auth-library';
import type { Credentials, CredentialJson } from './gcs-credentials.ts';
import type { Transport } from './gcs-transport.ts';
import { signInTransport } from './sign-in-fetch.ts';

/** URLs of Google's sign-in services, for tests with a server of their own. */
export interface AuthEndpoints {
  readonly token?: string | undefined;
  readonly iam?: string | undefined;
}

const STORAGE = 'https://www.googleapis.com/auth/devstorage.read_write';
const CLOUD = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Creates the library's client for checked credentials, with its typed constructors: `keyFilename`, `credentials` and `fromJSON`
 * print warnings to the terminal of every command.
 * @param forImpersonation the token is only used to request another one, which storage scopes do not allow
 */
export async function clientOf(
  credentials: Credentials,
  forImpersonation: boolean,
  endpoints: AuthEndpoints,
  timeoutMs: number,
  transport: Transport,
): Promise<AuthClient> {
  const library = await import('google-auth-library');
  const scopes = [forImpersonation ? CLOUD : STORAGE];
  const transporterOptions = { timeout: timeoutMs, ...signInTransport(transport) };
  if (credentials.kind === 'metadata') return new library.Compute({ scopes });
  const { json } = credentials;
  const text = (key: string): string => (typeof json[key] === 'string' ? json[key] : '');
  const quota = text('quota_project_id') === '' ? {} : { quotaProjectId: text('quota_project_id') };
  switch (json.type) {
    case 'service_account':
      return new library.JWT({
        email: text('client_email'),
        key: text('private_key'),
        keyId: text('private_key_id'),
        scopes,
        transporterOptions,
        ...quota,
      });
    case 'authorized_user':
      return new library.UserRefreshClient({
        clientId: text('client_id'),
        clientSecret: text('client_secret'),
        refreshToken: text('refresh_token'),
        transporterOptions,
        ...(endpoints.token === undefined ? {} : { endpoints: { oauth2TokenUrl: endpoints.token } }),
        ...quota,
      });
    case 'external_account_authorized_user':
      return new library.ExternalAccountAuthorizedUserClient({ ...json, transporterOptions } as never);
    case 'external_account':
      return externalClient(library, json, scopes, transporterOptions);
    case 'impersonated_service_account':
      // Unwrapped before; gcloud does not write a nested one.
      throw new Error('impersonated credentials inside impersonated credentials');
  }
}

function externalClient(
  library: typeof Library,
  json: CredentialJson,
  scopes: string[],
  transporterOptions: object,
): AuthClient {
  const source = json.credential_source as Readonly<Record<string, unknown>>;
  const options = { ...json, scopes, transporterOptions } as never;
  if ('environment_id' in source) return new library.AwsClient(options);
  // Runs a program named in the file, and only if GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES permits it: the library checks it.
  return 'executable' in source
    ? new library.PluggableAuthClient(options)
    : new library.IdentityPoolClient(options);
}
