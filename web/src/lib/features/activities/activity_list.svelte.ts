import {
  createActivity,
  deleteActivity,
  getActivities,
  ReactionType,
  type ActivityResponseDto,
} from '$lib/api';
import { showError } from '$lib/errors';
import { t } from './activity_text';

/** The server announces nothing about comments: an open list asks again this often while it is looked at. */
const ASK_AGAIN_MS = 5000;

/** What was said about an album, or about one of its photos. */
export class ActivityList {
  all = $state.raw<ActivityResponseDto[]>();

  constructor(
    readonly albumId: string,
    readonly assetId: string | undefined,
    readonly me: string,
  ) {}

  /** The person's own like of what the list is about. */
  get myLike(): ActivityResponseDto | undefined {
    return this.all?.find((one) => one.type === ReactionType.Like && one.user.id === this.me && (one.assetId ?? undefined) === this.assetId);
  }

  /** Loads now and from time to time, until the returned function is called. */
  follow(): () => void {
    let told = false;
    const ask = () =>
      void this.load().then(
        () => (told = false),
        (error: unknown) => {
          if (!told) showError(error, t('loadFailed'));
          told = true;
        },
      );
    ask();
    const timer = setInterval(() => document.visibilityState === 'visible' && ask(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }

  async load(): Promise<void> {
    const { albumId, assetId } = this;
    this.all = (await getActivities({ albumId, assetId })).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /** False when it could not be sent, so that the text stays. */
  comment(comment: string): Promise<boolean> {
    const { albumId, assetId } = this;
    return this.#attempt(t('sendFailed'), () => createActivity({ body: { albumId, assetId, type: ReactionType.Comment, comment } }));
  }

  toggleLike(): Promise<boolean> {
    const { albumId, assetId, myLike } = this;
    if (myLike) return this.remove(myLike.id);
    return this.#attempt(t('sendFailed'), () => createActivity({ body: { albumId, assetId, type: ReactionType.Like } }));
  }

  remove(id: string): Promise<boolean> {
    return this.#attempt(t('deleteFailed'), () => deleteActivity({ id }));
  }

  async #attempt(doing: string, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      showError(error, doing);
      return false;
    }
  }
}
