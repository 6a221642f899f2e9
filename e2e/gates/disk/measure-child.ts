/** Measures a file and reads it again, then says how much memory that took: `node measure-child.ts <file>`. */
import { createNodeFiles } from '../../../main/adapters/disk/node-files.ts';
import { unwrap } from '../../../shared/result.ts';
import { largestResidentSet } from '../../largest-resident-set.mjs';

const [, , path = ''] = process.argv;
const before = largestResidentSet();
const measured = unwrap(await createNodeFiles().measure(path, { prefixLength: 1_000_000 }));
if (measured === null) throw new Error(`${path} is gone`);
const afterMeasure = largestResidentSet();
let streamed = 0;
for await (const chunk of measured.source.stream()) streamed += chunk.length;
const { size, sha256, crc32c, prefixCrc32c } = measured;
const kibibytes = { measure: afterMeasure - before, stream: largestResidentSet() - before };
process.stdout.write(JSON.stringify({ size, sha256, crc32c, prefixCrc32c, streamed, kibibytes }));
