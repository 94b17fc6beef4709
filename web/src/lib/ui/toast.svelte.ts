/** Short messages at the edge of the page; ui/Toasts.svelte shows them and stands once in the root layout. */
export interface ToastMessage {
  kind: 'info' | 'success' | 'error';
  title?: string;
  text: string;
  /** One thing to do about it, for instance "Undo". */
  action?: { label: string; run: () => void };
}

const SHOWN_MS = { info: 5000, success: 4000, error: 10_000 };

class Toasts {
  list = $state.raw<(ToastMessage & { id: number })[]>([]);
  #next = 1;

  show(message: ToastMessage): void {
    const id = this.#next++;
    const others = this.list.filter((one) => one.text !== message.text || one.title !== message.title);
    this.list = [...others.slice(-3), { ...message, id }];
    setTimeout(() => this.dismiss(id), SHOWN_MS[message.kind] + (message.action ? 4000 : 0));
  }

  success(text: string, action?: ToastMessage['action']): void {
    this.show({ kind: 'success', text, action });
  }

  info(text: string): void {
    this.show({ kind: 'info', text });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((one) => one.id !== id);
  }
}

export const toast = new Toasts();
