import { en } from '../../shared/i18n/en.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

/** Confirms an irreversible action. */
export function Confirm(props: {
  readonly title: string;
  readonly body: string;
  readonly action: string;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{en.common.cancel}</Button>
          <Button
            tone="primary"
            onClick={() => {
              props.onClose();
              props.onConfirm();
            }}
          >
            {props.action}
          </Button>
        </>
      }
    >
      <p>{props.body}</p>
    </Dialog>
  );
}
