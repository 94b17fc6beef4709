/** A question with two answers, asked from code: `if (await confirm({ title, text, action })) …`. */
export interface Question {
  title: string;
  text?: string;
  /** Label of the button that agrees. */
  action: string;
  danger?: boolean;
}

interface Asked extends Question {
  answer(value: boolean): void;
}

class Confirmation {
  current = $state.raw<Asked | undefined>();

  answer(value: boolean): void {
    const asked = this.current;
    this.current = undefined;
    asked?.answer(value);
  }
}

/** What ui/ConfirmDialog.svelte shows; it stands once in the root layout. */
export const confirmation = new Confirmation();

export function confirm(question: Question): Promise<boolean> {
  confirmation.answer(false);
  return new Promise((answer) => (confirmation.current = { ...question, answer }));
}
