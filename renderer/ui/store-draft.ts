import type { Settings } from '../../shared/domain/settings.ts';

type Store = Settings['store'];

/** A store as a person thinks of it: a kind, and the one thing to name for that kind. */
export interface StoreDraft {
  readonly kind: 'gcs' | 'folder' | 'embedded';
  /** `gs://bucket/prefix`, as typed. */
  readonly bucket: string;
  /** An absolute path, as typed. */
  readonly folder: string;
  readonly tenant: string;
  readonly credentials: string;
  readonly impersonate: string;
  readonly endpoint: string;
  /** Not part of the form: unchanged. */
  readonly sealedNames: boolean;
}

/** Converts a store's settings to a draft. */
export function draftOf(store: Store): StoreDraft {
  const kind = store.url === '' ? 'embedded' : store.url.startsWith('file:') ? 'folder' : 'gcs';
  return {
    kind,
    bucket: kind === 'gcs' ? store.url : '',
    folder: kind === 'folder' ? pathOf(store.url) : '',
    tenant: store.tenant,
    credentials: store.credentials,
    impersonate: store.impersonate,
    endpoint: store.endpoint,
    sealedNames: store.sealedNames,
  };
}

/** Converts a draft to settings. A bucket may be typed without `gs://`, a folder as a path. */
export function storeOf(draft: StoreDraft): Store {
  const bucket = draft.bucket.trim();
  const url = {
    embedded: '',
    folder: draft.folder.trim() === '' ? '' : urlOf(draft.folder.trim()),
    gcs: bucket === '' || bucket.includes('://') ? bucket : `gs://${bucket}`,
  }[draft.kind];
  return {
    url,
    tenant: draft.tenant.trim(),
    credentials: draft.kind === 'gcs' ? draft.credentials.trim() : '',
    impersonate: draft.kind === 'gcs' ? draft.impersonate.trim() : '',
    endpoint: draft.kind === 'gcs' ? draft.endpoint.trim() : '',
    sealedNames: draft.sealedNames,
  };
}

/** True when there is something to test: a kind that needs a name has one. */
export function isComplete(draft: StoreDraft): boolean {
  return draft.kind === 'embedded' || storeOf(draft).url !== '';
}

/** `/a b/c` → `file:///a%20b/c`; `C:\x` → `file:///C:/x`. Anything but an absolute path is passed on for the core to reject. */
function urlOf(path: string): string {
  if (path.startsWith('file:')) return path;
  const slashes = path.replaceAll('\\', '/');
  if (slashes.startsWith('//')) return `file:${encodePath(slashes)}`;
  return /^[A-Za-z]:\//.test(slashes) ? `file:///${encodePath(slashes)}` : `file://${encodePath(slashes)}`;
}

function encodePath(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part).replace('%3A', ':'))
    .join('/');
}

function pathOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    const path = decodeURIComponent(pathname);
    if (host !== '') return `//${host}${path}`;
    return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  } catch {
    return url;
  }
}
