/** The thread that lists a large folder store. */
import { parentPort, workerData } from 'node:worker_threads';
import { errnoOf } from '../disk/errno.ts';
import { threadFolderCalls } from './folder-calls.ts';
import type { ReadContext } from './folder-context.ts';
import { listFolder } from './folder-list.ts';
import type { ListedStore, PageReply, PageRequest } from './list-thread.ts';

if (!parentPort) throw new Error('list-worker is started as a worker thread');
const port = parentPort;
const store = workerData as ListedStore;
const context: ReadContext = { ...store, calls: threadFolderCalls(), listing: { resume: null } };
const { signal } = new AbortController();

async function answer({ id, request }: PageRequest): Promise<PageReply> {
  try {
    return { id, page: await listFolder(context, request, signal) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, thrown: { code: errnoOf(error), message } };
  }
}

port.on('message', (request: PageRequest) => {
  void answer(request).then((reply) => port.postMessage(reply));
});
