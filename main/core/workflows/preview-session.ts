import type { Answer } from '../../../shared/app-error.ts';
import type { Author } from '../../../shared/domain/author.ts';
import { ok } from '../../../shared/result.ts';
import type { Identity } from '../author/author-file.ts';
import { lintLog, type LintFinding } from '../save/lint-log.ts';
import { planSave, type SaveDeps, type SavePaths, type SaveRequest } from '../save/save-plan.ts';
import { draftLog } from '../save/write-log.ts';
import type { LogHome } from '../workspaces/workspace.ts';
import { savePlaceOf, type PlaceBase } from './save-place.ts';

/** What a save would do. */
export interface SessionPreview {
  readonly author: Pick<Identity, 'user' | 'fullName'>;
  readonly home: Pick<LogHome, 'kind' | 'root'>;
  /** Name of the new log, relative to the home; numbered if another program takes it first. */
  readonly path: string;
  /** Findings of `lint`. */
  readonly findings: readonly LintFinding[];
  readonly warnings: readonly string[];
}

/**
 * Previews saving a text as a new session: who signs it, where it goes, and what is wrong with its form. Writes nothing.
 * @returns the failures of `save` that can be known before
 */
export async function previewSession(
  deps: SaveDeps & PlaceBase & { readonly paths: SavePaths },
  request: { readonly log: SaveRequest; readonly author: Author },
): Answer<SessionPreview> {
  const plan = await planSave(deps, savePlaceOf(deps, request.author), request.log);
  if (!plan.ok) return plan;
  const draft = draftLog(plan.value, plan.value.session);
  if (!draft.ok) return draft;
  const { identity, home, warnings } = plan.value;
  const { user, fullName, registry } = identity;
  const path = `${draft.value.stem}.md`;
  return ok({
    author: { user, fullName },
    home: { kind: home.kind, root: home.root },
    path,
    findings: lintLog(draft.value.text, path, registry).findings,
    warnings: [...warnings, ...draft.value.warnings],
  });
}
