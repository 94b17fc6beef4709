import {
  addAssetsToAlbum,
  AssetUploadAction,
  checkBulkUpload,
  getSupportedMediaTypes,
  restoreAssets,
  uploadAssetUrl,
  type AssetBulkUploadCheckResult,
} from '$lib/api';
import { errorText, showError } from '$lib/errors';
import { emit } from '$lib/events';
import { connection } from '$lib/features/session/connection.svelte';
import { toast } from '$lib/ui/toast.svelte';
import { sendFile, UploadRefused } from './upload_request';
import { pickFiles, type MediaKinds, type UploadFile } from './upload_files';
import { t } from './upload_text';

export type UploadState = 'waiting' | 'hashing' | 'checking' | 'sending' | 'done' | 'duplicate' | 'duplicateTrash' | 'failed' | 'cancelled';

export interface UploadItem extends UploadFile {
  id: number;
  state: UploadState;
  /** Bytes that have left. */
  sent: number;
  checksum?: string;
  reason?: string;
  albumId?: string;
  abort?: () => void;
}

const PARALLEL = 3;
const CHECK_AT_A_TIME = 100;
/** Hashed files that wait to be sent; more would only hold memory. */
const AHEAD = 200;
const ENDED = new Set<UploadState>(['done', 'duplicate', 'duplicateTrash', 'failed', 'cancelled']);

/**
 * The uploads of this page, whichever page of the app is shown: files are hashed in a worker, the server says which it
 * has, the others are sent, a few at a time. Items are plain objects; `version` says that something changed, at most
 * ten times a second, so that ten thousand files do not keep the page busy.
 */
class UploadQueue {
  items: UploadItem[] = [];
  version = $state(0);
  isPaused = $state(false);
  isOpen = $state(false);
  /** Behind a public link the server answers no questions about the library, and puts what comes where the link leads. */
  isVisitor = false;

  #nextId = 1;
  #worker: Worker | undefined;
  #hashing: UploadItem | undefined;
  #isChecking = false;
  #sending = 0;
  #kinds: MediaKinds | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get isActive(): boolean {
    void this.version;
    return this.items.some((item) => !ENDED.has(item.state));
  }

  async kinds(): Promise<MediaKinds> {
    this.#kinds ??= await getSupportedMediaTypes();
    return this.#kinds;
  }

  async add(files: File[], albumId?: string): Promise<void> {
    if (files.length === 0) return;
    try {
      const { picked, refused } = pickFiles(files, await this.kinds());
      for (const one of picked) this.items.push({ ...one, id: this.#nextId++, state: 'waiting', sent: 0, albumId });
      for (const file of refused) {
        this.items.push({ file, id: this.#nextId++, state: 'failed', sent: 0, reason: t('unsupported') });
      }
      if (picked.length === 0) toast.info(t('nothing'));
      else if (refused.length > 0) toast.info(t('unsupportedSome', { count: refused.length }));
      this.isOpen = picked.length > 0 || this.isOpen;
      this.#changed();
      this.#work();
    } catch (error) {
      showError(error, t('upload'));
    }
  }

  pause(): void {
    this.isPaused = true;
    for (const item of this.items) {
      if (item.state !== 'sending') continue;
      item.abort?.();
      this.#set(item, 'checking');
    }
  }

  resume(): void {
    this.isPaused = false;
    this.#work();
  }

  cancel(item: UploadItem): void {
    if (ENDED.has(item.state)) return;
    item.abort?.();
    this.#set(item, 'cancelled');
    this.#work();
  }

  cancelAll(): void {
    for (const item of this.items) if (!ENDED.has(item.state)) this.cancel(item);
  }

  retry(item: UploadItem): void {
    item.reason = undefined;
    item.sent = 0;
    this.#set(item, item.checksum ? 'hashing' : 'waiting');
    if (item.checksum) this.#hashed.push(item);
    this.#work();
  }

  retryFailed(): void {
    for (const item of this.items) if (item.state === 'failed' && item.reason !== t('unsupported')) this.retry(item);
  }

  clear(): void {
    this.items = this.items.filter((item) => !ENDED.has(item.state));
    if (this.items.length === 0) this.isOpen = false;
    this.#changed();
  }

  #hashed: UploadItem[] = [];
  #ready: UploadItem[] = [];

  #work(): void {
    if (this.isPaused) return;
    this.#hashNext();
    void this.#check();
    while (this.#sending < PARALLEL) {
      const item = this.#ready.shift();
      if (!item) break;
      if (item.state === 'checking') void this.#send(item);
    }
  }

  /** Visitors' files need no hash: a few are made ready, the others wait. */
  #readyNext(): void {
    for (const item of this.items) {
      if (this.#ready.length >= PARALLEL) return;
      if (item.state !== 'waiting') continue;
      this.#set(item, 'checking');
      this.#ready.push(item);
    }
  }

  #hashNext(): void {
    if (this.isVisitor) return this.#readyNext();
    if (this.#hashing || this.#hashed.length + this.#ready.length > AHEAD) return;
    const item = this.items.find((one) => one.state === 'waiting');
    if (!item) return;
    this.#worker ??= this.#startWorker();
    this.#hashing = item;
    this.#set(item, 'hashing');
    this.#worker.postMessage({ id: item.id, file: item.file });
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./hash_worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ id: number; checksum?: string; error?: string }>) => {
      const item = this.#hashing;
      this.#hashing = undefined;
      if (item && item.id === data.id && item.state === 'hashing') {
        item.checksum = data.checksum;
        if (data.checksum) this.#hashed.push(item);
        else this.#fail(item, data.error ?? '');
      }
      this.#work();
    };
    return worker;
  }

  async #check(): Promise<void> {
    if (this.#isChecking || this.#hashed.length === 0) return;
    this.#isChecking = true;
    const batch = this.#hashed.splice(0, CHECK_AT_A_TIME).filter((item) => item.state === 'hashing');
    try {
      const assets = batch.map((item) => ({ id: String(item.id), checksum: item.checksum! }));
      const { results } = assets.length > 0 ? await checkBulkUpload({ body: { assets } }) : { results: [] };
      const byId = new Map(results.map((result) => [result.id, result]));
      for (const item of batch) {
        if (item.state === 'cancelled') continue;
        const result = byId.get(String(item.id));
        if (result?.action === AssetUploadAction.Reject) await this.#duplicate(item, result);
        else {
          this.#set(item, 'checking');
          this.#ready.push(item);
        }
      }
    } catch (error) {
      for (const item of batch) this.#fail(item, errorText(error));
    }
    this.#isChecking = false;
    this.#work();
  }

  async #duplicate(item: UploadItem, { assetId, isTrashed, reason }: AssetBulkUploadCheckResult): Promise<void> {
    if (!assetId) return this.#fail(item, String(reason ?? ''));
    if (isTrashed) {
      await restoreAssets({ body: { ids: [assetId] } });
      emit('assetsAdded', [assetId]);
    }
    await this.#addToAlbum(item, assetId);
    this.#set(item, isTrashed ? 'duplicateTrash' : 'duplicate');
  }

  async #send(item: UploadItem): Promise<void> {
    this.#sending++;
    this.#set(item, 'sending');
    try {
      const request = sendFile(uploadAssetUrl(), item, item.checksum, (sent) => {
        item.sent = sent;
        this.#changed();
      });
      item.abort = request.abort;
      const { id, isDuplicate } = await request.done;
      await this.#addToAlbum(item, id);
      this.#set(item, isDuplicate ? 'duplicate' : 'done');
      if (!isDuplicate) emit('assetsAdded', [id]);
    } catch (error) {
      this.#ended(item, error);
    }
    item.abort = undefined;
    this.#sending--;
    this.#work();
    if (!this.isActive) this.#report();
  }

  /** A pause and a cancellation end a request too; the network may come back; the rest is a failure. */
  #ended(item: UploadItem, error: unknown): void {
    if (item.state === 'cancelled') return;
    item.sent = 0;
    if (this.isPaused) {
      this.#set(item, 'checking');
      this.#ready.unshift(item);
    } else if (error instanceof UploadRefused && error.status === 0 && connection.isOffline) {
      this.#set(item, 'checking');
      setTimeout(() => (this.#ready.unshift(item), this.#work()), 3000);
    } else {
      this.#fail(item, error instanceof UploadRefused && error.status === 413 ? t('tooLarge') : errorText(error));
    }
  }

  async #addToAlbum(item: UploadItem, id: string): Promise<void> {
    if (!item.albumId) return;
    await addAssetsToAlbum({ id: item.albumId, body: { ids: [id] } });
    emit('albumsChanged');
  }

  #fail(item: UploadItem, reason: string): void {
    item.reason = reason;
    this.#set(item, 'failed');
  }

  #set(item: UploadItem, state: UploadState): void {
    item.state = state;
    if (state === 'done') item.sent = item.file.size;
    this.#changed();
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.version++;
    }, 100);
  }

  #report(): void {
    const count = (state: UploadState) => this.items.filter((item) => item.state === state).length;
    const parts = [t('finished', { count: count('done') })];
    const duplicates = count('duplicate') + count('duplicateTrash');
    if (duplicates > 0) parts.push(t('duplicates', { count: duplicates }));
    if (count('failed') > 0) parts.push(t('failures', { count: count('failed') }));
    toast.show({ kind: count('failed') > 0 ? 'error' : 'success', text: parts.join(', ') });
  }
}

export const uploads = new UploadQueue();
