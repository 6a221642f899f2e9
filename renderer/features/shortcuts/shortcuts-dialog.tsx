import { en } from '../../../shared/i18n/en.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { SwitchField } from '../../ui/field.tsx';
import { Keys } from '../../ui/indicator.tsx';
import { chord } from '../../ui/state-words.ts';
import styles from './shortcuts-dialog.module.css';

export interface ShortcutsDialogProps {
  /** Whether single letters work outside of lists and logs: speech input may trigger them by accident. */
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

/** All shortcuts, and the switch that disables single keys. */
export function ShortcutsDialog(props: ShortcutsDialogProps) {
  const { keys, shortcutGroups } = en.commands;
  const groups: readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] = [
    [
      shortcutGroups.anywhere,
      [
        [keys.palette, [chord('K')]],
        [keys.search, ['/']],
        [keys.views, ['1', '2', '3', '4', '5', '6']],
        [keys.help, ['?']],
      ],
    ],
    [
      shortcutGroups.list,
      [
        [keys.next, ['J', '↓']],
        [keys.previous, ['K', '↑']],
        [keys.page, ['PgDn', 'PgUp']],
        [keys.firstLast, ['Home', 'End']],
        [keys.open, ['Enter']],
        [keys.daily, ['Tab']],
      ],
    ],
    [
      shortcutGroups.tasks,
      [
        [keys.nextTask, ['J', 'K']],
        [keys.tick, ['X', 'Space']],
        [keys.openTask, ['Enter']],
      ],
    ],
    [
      shortcutGroups.log,
      [
        [keys.find, [chord('F')]],
        [keys.findMove, ['Enter', 'Shift+Enter']],
        [keys.section, [']', '[']],
        [keys.raw, ['R']],
        [keys.back, ['Esc']],
      ],
    ],
    [shortcutGroups.conversation, [[keys.prompt, ['N', 'P']]]],
  ];
  return (
    <Dialog title={en.commands.shortcutsTitle} onClose={props.onClose} width="wide">
      <div className={styles.groups}>
        {groups.map(([title, entries]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {entries.map(([what, chords]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>
                    <Keys keys={chords} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className={styles.single}>
        <SwitchField
          label={en.commands.singleKeys}
          hint={en.commands.singleKeysHint}
          checked={props.singleKeys}
          onChange={props.onSingleKeys}
        />
      </div>
    </Dialog>
  );
}
