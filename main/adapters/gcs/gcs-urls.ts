/** URLs of the service. Every name is one encoded segment, slashes included, so that nothing in transit interprets `..` as a folder. */

interface Place {
  readonly base: URL;
  readonly bucket: string;
}

type Query = Readonly<Record<string, string | number | undefined>>;

function address(base: URL, path: string, query: Query): URL {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const folder = base.pathname.replace(/\/+$/, '');
  return new URL(`${base.origin}${folder}${path}?${search.toString()}`);
}

/** One object's metadata (JSON API). */
export function objectUrl({ base, bucket }: Place, name: string, query: Query): URL {
  return address(base, `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`, query);
}

/** The listing of a bucket (JSON API). */
export function listUrl({ base, bucket }: Place, query: Query): URL {
  return address(base, `/storage/v1/b/${encodeURIComponent(bucket)}/o`, query);
}

/** Uploads (JSON API). */
export function uploadUrl({ base, bucket }: Place, query: Query): URL {
  return address(base, `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`, query);
}

/** A copy inside the bucket (JSON API). */
export function rewriteUrl(place: Place, from: string, to: string, query: Query): URL {
  const bucket = encodeURIComponent(place.bucket);
  return address(
    place.base,
    `/storage/v1/b/${bucket}/o/${encodeURIComponent(from)}/rewriteTo/b/${bucket}/o/${encodeURIComponent(to)}`,
    query,
  );
}

/**
 * An object's bytes (XML API): the only interface that returns custom metadata along with them, so that one request is
 * enough. Source: https://cloud.google.com/storage/docs/xml-api/get-object-download
 */
export function mediaUrl({ base, bucket }: Place, name: string): URL {
  const folder = base.pathname.replace(/\/+$/, '');
  return new URL(`${base.origin}${folder}/${encodeURIComponent(bucket)}/${encodeURIComponent(name)}`);
}
