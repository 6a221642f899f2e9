import { plural } from '../../../shared/format/amount.ts';

/** The message about own logs lost all at once ({@link diffLocal}), and the two ways out. */
export function lostLogs(count: number): { readonly message: string; readonly remedy: string } {
  const [were, are, them] = count === 1 ? ['was', 'is', 'it'] : ['were', 'are', 'them'];
  return {
    message: `${plural(count, 'log')} that ${were} pushed ${are} no longer on this disk; the store keeps ${them}.`,
    remedy: `Bring ${them} back: \`session-log restore --all\` (a full sync does it too). If you deleted ${them} on purpose: \`session-log sync --push --deleted\`.`,
  };
}
