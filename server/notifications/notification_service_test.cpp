#include "server/notifications/notification_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/testing/account_rig.hpp"
#include "server/notifications/mail_service.hpp"

namespace immich::notifications {
namespace {

using immich::testing::AccountRig;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;
using ::testing::HasSubstr;

api::NotificationCreateDto For(UserId user, std::string title) {
  api::NotificationCreateDto request;
  request.user_id = user.value;
  request.title = std::move(title);
  return request;
}

TEST(NotificationServiceTest, ListsMarksAndDeletes) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    NotificationService service(rig.db, rig.events);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    const AuthContext other = co_await rig.SignIn("b@example.com");
    auto request = For(auth.user.id, "first");
    request.data = json::RawJson{R"({"a":1})"};
    request.level = api::NotificationLevel::kError;
    const auto first = co_await service.Create(request);
    co_await service.Create(For(auth.user.id, "second"));
    auto listed = co_await service.List(auth, {});
    EXPECT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].title, "second");
    EXPECT_EQ(listed[0].type, api::NotificationType::kCustom);
    EXPECT_EQ((co_await service.List(auth, {.level = api::NotificationLevel::kError})).size(), 1u);
    EXPECT_TRUE((co_await service.List(other, {})).empty());
    std::vector<Uuid> ids{first.id};
    EXPECT_EQ(co_await Refusal(service.MarkRead(other, ids, Now())), "400 Not found or no notification.update access");
    co_await service.MarkRead(auth, ids, Now());
    EXPECT_EQ((co_await service.List(auth, {.unread = true})).size(), 1u);
    EXPECT_TRUE((co_await service.Get(auth, first.id)).read_at.has_value());
    co_await service.MarkRead(auth, ids, json::Maybe<TimePoint>::Null());
    EXPECT_EQ((co_await service.List(auth, {.unread = true})).size(), 2u);
    co_await service.Delete(auth, ids);
    EXPECT_EQ(co_await Refusal(service.Get(auth, first.id)), "400 Not found or no notification.read access");
    EXPECT_EQ(co_await QueryNumber(rig.db, "SELECT count(*) FROM notification"), 2);
  });
}

TEST(NotificationServiceTest, RemovesOldOnes) {
  WithAccounts([](AccountRig& rig) -> Task<void> {
    NotificationService service(rig.db, rig.events);
    const AuthContext auth = co_await rig.SignIn("a@example.com");
    for (const char* title : {"fresh", "deleted", "read", "old"}) co_await service.Create(For(auth.user.id, title));
    co_await rig.db.RunDynamic(
        R"(UPDATE notification SET "deletedAt" = now() - interval '4 days' WHERE title = 'deleted')");
    co_await rig.db.RunDynamic(R"(UPDATE notification SET "readAt" = now() - interval '31 days' WHERE title = 'read')");
    co_await rig.db.RunDynamic(
        R"(UPDATE notification SET "createdAt" = now() - interval '91 days' WHERE title = 'old')");
    co_await service.CleanUp();
    EXPECT_EQ(co_await QueryText(rig.db, "SELECT string_agg(title, ',') FROM notification"), "fresh");
    EXPECT_EQ(co_await Refusal(service.Create(For(UserId::Random(), "x"))), "400 User not found");
  });
}

/// An album of `owner` with a member, and a server that may send mail.
struct MailRig {
  explicit MailRig(AccountRig& accounts) : rig(accounts), mails(rig.db, rig.events, rig.jobs, rig.config) {}

  Task<void> SetUp() {
    member = co_await rig.SignIn("member@example.com");
    co_await rig.db.RunDynamic(
        fmt::format(R"(INSERT INTO album (id, "albumName") VALUES ('{}', 'Rome & <Juliet>'))", album.ToString()));
    co_await rig.db.RunDynamic(fmt::format(R"(INSERT INTO album_user ("albumId", "userId") VALUES ('{}', '{}'))",
                                           album.ToString(), member.user.id.ToString()));
    api::AdminConfigDto config = rig.config.current();
    config.notifications.smtp.enabled = true;
    config.server.external_domain = "https://photos.example.com/";
    co_await rig.config.Save(config);
  }

  AccountRig& rig;
  MailService mails;
  AuthContext member;
  const AlbumId album = AlbumId::Random();
};

void WithMail(const std::function<Task<void>(MailRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    MailRig rig(accounts);
    co_await rig.SetUp();
    co_await body(rig);
  });
}

TEST(MailServiceTest, InvitesInTheClientAndByMail) {
  WithMail([](MailRig& rig) -> Task<void> {
    const JobResult done = co_await rig.mails.InviteToAlbum(rig.album, rig.member.user.id, "Kim");
    EXPECT_EQ(done.status, queue::JobStatus::kSuccess);
    EXPECT_EQ(co_await QueryText(rig.rig.db, "SELECT type || ' ' || (data->>'albumId') FROM notification"),
              "AlbumInvite " + rig.album.ToString());
    EXPECT_EQ(rig.rig.jobs.queued.size(), 1u);
    EXPECT_EQ(rig.rig.jobs.queued[0].name, "SendMail");
    EXPECT_THAT(rig.rig.jobs.queued[0].data, HasSubstr("\"to\":\"member@example.com\""));
    EXPECT_THAT(rig.rig.jobs.queued[0].data, HasSubstr("Rome &amp; &lt;Juliet&gt;"));
    EXPECT_THAT(rig.rig.jobs.queued[0].data, HasSubstr("https://photos.example.com/albums/" + rig.album.ToString()));
  });
}

TEST(MailServiceTest, RespectsWishesAndAbsence) {
  WithMail([](MailRig& rig) -> Task<void> {
    co_await rig.rig.db.RunDynamic(fmt::format(R"(INSERT INTO user_metadata ("userId", key, value)
                       VALUES ('{}', 'preferences', '{{"emailNotifications":{{"albumUpdate":false}}}}'))",
                                               rig.member.user.id.ToString()));
    co_await rig.mails.TellAlbumUpdate(rig.album, rig.member.user.id);
    EXPECT_TRUE(rig.rig.jobs.queued.empty());
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, "SELECT count(*) FROM notification"), 1);
    const JobResult left = co_await rig.mails.TellAlbumUpdate(AlbumId::Random(), rig.member.user.id);
    EXPECT_EQ(left.status, queue::JobStatus::kSkipped);
    const JobResult nobody = co_await rig.mails.WelcomeUser(UserId::Random(), "");
    EXPECT_EQ(nobody.status, queue::JobStatus::kSkipped);
  });
}

TEST(MailServiceTest, UsesTheAdministratorsWords) {
  WithMail([](MailRig& rig) -> Task<void> {
    api::AdminConfigDto config = rig.rig.config.current();
    config.templates.email.welcome_template = "Dear {displayName}, {unknown} <b>{password}</b>";
    co_await rig.rig.config.Save(config);
    co_await rig.mails.WelcomeUser(rig.member.user.id, "first<password");
    EXPECT_EQ(rig.rig.jobs.queued.size(), 1u);
    EXPECT_THAT(rig.rig.jobs.queued[0].data,
                HasSubstr("Dear Somebody, {unknown} &lt;b&gt;first&lt;password&lt;/b&gt;"));
    const auto preview = rig.mails.Preview("album-update", "Look: {albumName}");
    EXPECT_EQ(preview.name, "album-update");
    EXPECT_THAT(preview.html, HasSubstr("Look: Summer"));
    EXPECT_THROW(rig.mails.Preview("other", ""), BadRequest);
  });
}

TEST(MailServiceTest, TellsWhyATestMailFails) {
  WithMail([](MailRig& rig) -> Task<void> {
    api::AdminConfigSmtpDto settings;
    settings.from = "photos@example.com";
    settings.transport.host = "127.0.0.1";
    settings.transport.port = 1;
    EXPECT_TRUE((co_await Refusal(rig.mails.SendTestMail(rig.member, settings))).starts_with("400 "));
  });
}

}  // namespace
}  // namespace immich::notifications
