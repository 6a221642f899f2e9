import { nodeLocks } from '../../../../main/adapters/lock/node-locks.ts';

/* Takes a lock, says so, and holds it until it is killed or its starter goes. */
const [path = ''] = process.argv.slice(2);
const taken = await nodeLocks({ who: 'holder' }).acquire({ path, command: 'hold', waitMs: 10_000 });
process.on('message', () => undefined);
process.send?.(taken.ok ? 'held' : taken.error.code);
