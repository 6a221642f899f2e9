import { inFolder } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import type { Finding } from './finding.ts';

/** As `readState` renames a file that it cannot use. */
const KEPT = /^(.+)\.damaged-\d{4}-\d\d-\d\dT[\d-]+$/;

/**
 * Says which state files were of no use and are kept beside the ones that took their place.
 * @param folder `state/`, absolute; one that cannot be read is told by others
 */
export async function damagedStateFindings(
  files: Pick<Files, 'names'>,
  folder: string,
): Promise<readonly Finding[]> {
  const names = await files.names(folder);
  if (!names.ok) return [];
  return names.value
    .filter((name) => KEPT.test(name))
    .toSorted()
    .map((name) => ({
      level: 'hint',
      subject: inFolder(folder, name),
      finding: `${KEPT.exec(name)?.[1] ?? name} could not be used and was begun anew; this is what it held`,
      remedy: 'Delete it when you do not need it to find out why.',
    }));
}
