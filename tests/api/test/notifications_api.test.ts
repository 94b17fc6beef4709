import {
  AlbumUserRole,
  createAlbum,
  createNotification,
  deleteNotification,
  deleteNotifications,
  getNotification,
  getNotifications,
  getNotificationTemplateAdmin,
  NotificationLevel,
  NotificationType,
  sendTestEmailAdmin,
  updateNotification,
  updateNotifications,
} from '@immich/sdk';
import { createServer, type Server } from 'node:net';
import { afterAll, describe, expect } from 'vitest';
import { it, prepare } from '../src/api_test.ts';
import { EventStream } from '../src/event_stream.ts';
import { eventually } from '../src/eventually.ts';
import type { Json } from '../src/http_client.ts';
import { refusal } from '../src/refusal.ts';
import { TestServer } from '../src/server.ts';
import { createUser, expectStatus, type Session, signUpAdmin } from '../src/session.ts';

/** Takes every mail, the way a relay in a home network does. */
class MailBox {
  readonly mails: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((socket) => {
      let text = '';
      let inMail = false;
      socket.write('220 mailbox\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        text += bytes.toString('utf8');
        for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
          const line = text.slice(0, end);
          if (inMail) {
            const last = text.indexOf('\r\n.\r\n');
            if (last < 0) {
              return;
            }
            this.mails.push(text.slice(0, last));
            text = text.slice(last + 5);
            inMail = false;
            socket.write('250 taken\r\n');
            continue;
          }
          text = text.slice(end + 2);
          inMail = line.startsWith('DATA');
          socket.write(inMail ? '354 go on\r\n' : line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n');
        }
      });
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }
  close(): void {
    this.server.close();
  }
  /** The parts of a mail in clear. */
  static bodies(mail: string): string[] {
    return mail
      .split('Content-Transfer-Encoding: base64\r\n\r\n')
      .slice(1)
      .map((part) => Buffer.from(part.split('\r\n--')[0]!, 'base64').toString('utf8'));
  }
}

// Changes the configuration, so it has a server of its own.
let server: TestServer;
let admin: Session;
let user: Session;
const box = new MailBox();
let port = 0;

prepare(async () => {
  server = await TestServer.start();
  admin = await signUpAdmin(server);
  user = await createUser(admin, 'user');
  port = await box.open();
});
afterAll(async () => {
  box.close();
  await server?.destroy();
});

const smtp = (extra: Json = {}): Json => ({
  enabled: true,
  from: 'Photos <photos@example.com>',
  replyTo: '',
  transport: { host: '127.0.0.1', port, username: '', password: '', secure: false, ignoreCert: false, ...extra },
});

describe('notifications', () => {
  it('reach the user and are read', async () => {
    const events = await EventStream.connect(user);
    const sent = await createNotification(
      {
        notificationCreateDto: {
          userId: user.userId,
          title: 'Maintenance',
          description: 'tonight',
          level: NotificationLevel.Warning,
          data: { a: 1 },
        },
      },
      admin.sdk,
    );
    expect(sent).toMatchObject({ title: 'Maintenance', type: NotificationType.Custom, level: 'warning', data: { a: 1 } });
    expect((await events.next('on_notification'))[0]).toEqual(sent);
    events.socket.close();
    expect(await getNotifications({ unread: true }, user.sdk)).toEqual([sent]);
    expect(await getNotifications({}, admin.sdk)).toEqual([]);
    expect(await refusal(getNotification({ id: sent.id }, admin.sdk))).toEqual([
      400,
      'Not found or no notification.read access',
    ]);
    const readAt = '2024-01-02T03:04:05.000Z';
    const read = await updateNotification({ id: sent.id, notificationUpdateDto: { readAt } }, user.sdk);
    expect(read.readAt).toBe(readAt);
    expect(await getNotifications({ unread: true }, user.sdk)).toEqual([]);
    await updateNotifications({ notificationUpdateAllDto: { ids: [sent.id], readAt: null } }, user.sdk);
    expect((await getNotifications({ unread: true }, user.sdk)).length).toBe(1);
    const foreign = { ids: [sent.id], readAt };
    expect((await refusal(updateNotifications({ notificationUpdateAllDto: foreign }, admin.sdk)))[0]).toBe(400);
    await deleteNotifications({ notificationDeleteAllDto: { ids: [sent.id] } }, user.sdk);
    expect((await refusal(deleteNotification({ id: sent.id }, user.sdk)))[0]).toBe(400);
    expect((await refusal(createNotification({ notificationCreateDto: { userId: user.userId, title: 'x' } }, user.sdk)))[0]).toBe(403);
  });

  it('come with invitations to albums', async () => {
    const events = await EventStream.connect(user);
    const albumUsers = [{ userId: user.userId, role: AlbumUserRole.Viewer }];
    const album = await createAlbum({ createAlbumDto: { albumName: 'Summer', albumUsers } }, admin.sdk);
    const [told] = await events.next('on_notification', ({ type }) => type === 'AlbumInvite');
    expect(told.data).toEqual({ albumId: album.id });
    expect(told.description).toContain('Summer');
    events.socket.close();
  });
});

describe('mail', () => {
  it('is tried with settings before they are stored', async () => {
    const { messageId } = await sendTestEmailAdmin({ adminConfigSmtpDto: smtp() }, admin.sdk);
    expect(messageId).toMatch(/^<.+@example\.com>$/);
    expect(box.mails.at(-1)).toContain(`Message-ID: ${messageId}`);
    expect(box.mails.at(-1)).toContain(`To: ${admin.email}`);
    expect((await refusal(sendTestEmailAdmin({ adminConfigSmtpDto: smtp({ port: 1 }) }, admin.sdk)))[0]).toBe(400);
  });

  it('shows its templates', async () => {
    const shown = await getNotificationTemplateAdmin(
      { name: 'album-invite', templateDto: { template: 'Look at {albumName}!' } },
      admin.sdk,
    );
    expect(shown.name).toBe('album-invite');
    expect(shown.html).toMatch(/Look at \S+!/);
    const unknown = getNotificationTemplateAdmin({ name: 'other', templateDto: { template: '' } }, admin.sdk);
    expect((await refusal(unknown))[0]).toBe(400);
  });

  it('welcomes new users and invites to albums', async () => {
    const config = expectStatus(await admin.client.get('/system-config'), 200, 'GET /system-config');
    config.notifications.smtp = smtp();
    expectStatus(await admin.client.put('/system-config', config), 200, 'PUT /system-config');
    const guest = await createUser(admin, 'guest', { notify: true });
    const welcome = await eventually(async () => {
      const mail = box.mails.find((one) => one.includes(`To: ${guest.email}`));
      expect(mail).toBeDefined();
      return mail!;
    });
    expect(MailBox.bodies(welcome).join()).toContain(guest.email);
    const albumUsers = [{ userId: guest.userId, role: AlbumUserRole.Editor }];
    await createAlbum({ createAlbumDto: { albumName: 'Ümläut <b>', albumUsers } }, admin.sdk);
    const [text, html] = await eventually(async () => {
      const mail = box.mails.filter((one) => one.includes(`To: ${guest.email}`)).at(1);
      expect(mail).toBeDefined();
      return MailBox.bodies(mail!);
    });
    expect(text).toContain('Ümläut <b>');
    expect(html).toContain('Ümläut &lt;b&gt;');
  });
});
