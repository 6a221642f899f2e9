import { fail } from '../../../../shared/app-error.ts';
import { mapOk } from '../../../../shared/result.ts';
import { allowLabel, revealLabel } from '../../workflows/behind-labels.ts';
import { shareKept } from '../../workflows/share-kept.ts';
import type { SecretsService } from '../app-service.ts';
import { allowHeld, type SecretAnswerParts } from '../attention/answer-secrets.ts';
import type { AttentionList } from '../attention/attention-list.ts';

export type SecretsServiceParts = SecretAnswerParts & { readonly attention: Pick<AttentionList, 'find'> };

/** Values behind labels, for the windows. */
export function createSecretsService(parts: SecretsServiceParts): SecretsService {
  const { present, attention } = parts;
  return {
    reveal: ({ label, purpose }) =>
      present.use(async (core) => mapOk(await revealLabel(core, label, purpose), (values) => ({ values }))),
    shared: () => present.use((core) => shareKept(core, null, 'share')),
    share: ({ key, how }) => present.use((core) => shareKept(core, key, how)),
    async allow(input) {
      if ('label' in input) return present.use((core) => allowLabel(core, input.label, input.id));
      const item = attention.find(input.item);
      if (item !== null) return allowHeld(parts, item, input.id);
      return fail('usage', 'This was settled in the meantime.', 'Nothing needs to be done.');
    },
  };
}
