import { inFolder } from '../files/folder-path.ts';
import { keptAsideOf } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import type { Finding } from './finding.ts';

/**
 * Lists unusable state files kept beside their replacements.
 * @param folder `state/`, absolute; others report an unreadable one
 */
export async function damagedStateFindings(
  files: Pick<Files, 'names'>,
  folder: string,
): Promise<readonly Finding[]> {
  const names = await files.names(folder);
  if (!names.ok) return [];
  return names.value.toSorted().flatMap((name) => {
    const file = keptAsideOf(name);
    if (file === null) return [];
    return {
      level: 'hint' as const,
      subject: inFolder(folder, name),
      finding: `${file} could not be used and was begun anew; this is what it held`,
      remedy: 'Delete it when you do not need it to find out why; after 30 days it goes by itself.',
    };
  });
}
