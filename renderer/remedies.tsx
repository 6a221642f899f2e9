import type { ReactNode } from 'react';
import { failureWords } from '../shared/format/window-remedy.ts';
import type { Route } from '../shared/ipc/route.ts';
import { usePerform } from './data/use-perform.ts';
import { useAppInfo } from './data/use-status.ts';
import { RemedyProvider } from './ui/remedy.tsx';
import { useToast } from './ui/toaster.tsx';

/** Remedies as buttons, for everything in a window. @param props.go shows a place in the log browser */
export function Remedies(props: { readonly go: (route: Route) => void; readonly children: ReactNode }) {
  const timeZone = useAppInfo()?.timeZone ?? 'UTC';
  const toast = useToast();
  const perform = usePerform(props.go, (error) =>
    toast({ tone: 'error', title: failureWords(error, timeZone) }),
  );
  return (
    <RemedyProvider timeZone={timeZone} perform={perform}>
      {props.children}
    </RemedyProvider>
  );
}
