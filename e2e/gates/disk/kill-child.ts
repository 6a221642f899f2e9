/** One writer, run by a process of its own that strace ends: `node kill-child.ts <writer> <folder>`. */
import { asyncDisk, syncDisk } from '../../../main/adapters/disk/disk.ts';
import { WRITERS } from './writers.ts';

const [, , name, folder] = process.argv;
const writer = WRITERS.find((candidate) => candidate.name === name);
if (writer === undefined || folder === undefined) throw new Error('usage: kill-child.ts <writer> <folder>');
let drawn = 0;
// The same temporary names each time, so that strace can be told which paths to watch.
const nonce = (): string => (drawn++).toString(16).padStart(12, '0');
const result = await writer.run(folder, { disk: asyncDisk, syncDisk, nonce });
process.stdout.write(JSON.stringify(result.ok));
