import { join } from 'node:path';
import { ROOT, ensureBuild, runPrepared, say } from './bootstrap.mjs';
import { writeBillOfMaterials } from './bill-of-materials.mjs';
import { BUNDLED_LICENCES, writeBundledLicences } from './bundled-licences.mjs';

/**
 * What `npm pack` runs first, even in a fresh clone: the build, and the licences of what is bundled. The package's contents are the list
 * `files` of package.json; see docs/installing.md.
 */
await runPrepared(import.meta.url, async (node) => {
  await ensureBuild(node);
  const licences = writeBundledLicences(ROOT, join(ROOT, BUNDLED_LICENCES));
  const shipped = writeBillOfMaterials(ROOT);
  say(
    `the package carries the licences of ${licences} bundled packages and a bill of materials of ${shipped}`,
  );
  return 0;
});
