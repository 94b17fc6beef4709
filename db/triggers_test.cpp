#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>

#include "db/testing/migrated_database.hpp"
#include "db/testing/query_value.hpp"
#include "platform/pg/pg_pool.hpp"

namespace immich::db {
namespace {

using immich::testing::MigratedDatabase;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::WithPool;

/// Two users, each with the rows whose deletion the tests watch. Ids end in what they are (…u1 is written 01, assets
/// a1–a3, and so on), so that expectations can name them.
constexpr std::string_view kRows = R"sql(
  INSERT INTO "user" (id, email) VALUES
    ('00000000-0000-4000-8000-000000000001', 'one'), ('00000000-0000-4000-8000-000000000002', 'two');
  INSERT INTO user_metadata ("userId", key, value) VALUES ('00000000-0000-4000-8000-000000000001', 'preferences', '{}');
  INSERT INTO partner ("sharedById", "sharedWithId")
    VALUES ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002');
  INSERT INTO asset (id, "ownerId", type, "originalPath", "fileCreatedAt", "fileModifiedAt", checksum,
                     "originalFileName", "localDateTime", "checksumAlgorithm")
    SELECT id::uuid, '00000000-0000-4000-8000-000000000001', 'IMAGE', '/' || id, now(), now(), id::bytea,
           id, now(), 'sha1'
    FROM unnest(ARRAY['00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000a2',
                      '00000000-0000-4000-8000-0000000000a3']) AS id;
  INSERT INTO asset_metadata ("assetId", key, value)
    VALUES ('00000000-0000-4000-8000-0000000000a1', 'mobile-app', '{}');
  INSERT INTO person (id, "ownerId")
    VALUES ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-000000000001');
  INSERT INTO asset_face (id, "assetId", "personId") VALUES ('00000000-0000-4000-8000-0000000000f1',
    '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000b1');
  INSERT INTO asset_ocr ("assetId", x1, y1, x2, y2, x3, y3, x4, y4, "boxScore", "textScore", text)
    SELECT '00000000-0000-4000-8000-0000000000a1', 0, 0, 1, 0, 1, 1, 0, 1, 0.9, 0.9, line
    FROM unnest(ARRAY['first', 'second']) AS line;
  INSERT INTO stack (id, "primaryAssetId", "ownerId") VALUES ('00000000-0000-4000-8000-0000000000c1',
    '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-000000000001');
  INSERT INTO memory (id, "ownerId", type, data, "memoryAt") VALUES ('00000000-0000-4000-8000-0000000000d1',
    '00000000-0000-4000-8000-000000000001', 'on_this_day', '{}', now());
  INSERT INTO memory_asset ("memoriesId", "assetId")
    VALUES ('00000000-0000-4000-8000-0000000000d1', '00000000-0000-4000-8000-0000000000a1');
  INSERT INTO album (id) VALUES ('00000000-0000-4000-8000-0000000000e1'), ('00000000-0000-4000-8000-0000000000e2');
  INSERT INTO album_user ("albumId", "userId", role) VALUES
    ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-000000000001', 'owner'),
    ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-000000000002', 'viewer'),
    ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-000000000001', 'owner');
  INSERT INTO album_asset ("albumId", "assetId") VALUES
    ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000a1'),
    ('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-0000000000a1'),
    ('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000a3');
)sql";

constexpr std::string_view kEdit1 =
    R"sql(INSERT INTO asset_edit (id, "assetId", action, parameters, sequence)
          VALUES ('00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-0000000000a1', 'crop', '{}', 0))sql";
constexpr std::string_view kEdit2 =
    R"sql(INSERT INTO asset_edit (id, "assetId", action, parameters, sequence)
          VALUES ('00000000-0000-4000-8000-000000000092', '00000000-0000-4000-8000-0000000000a1', 'mirror',
                  '{}', 1))sql";

/// Every row of every audit table but its id and time, with ids shortened to their last two digits, e.g.
/// `album_audit:e1,02 album_user_audit:e1,02`; sorted.
constexpr std::string_view kAudits = R"sql(
  SELECT coalesce(string_agg(line, ' ' ORDER BY line), '') FROM (
    SELECT 'user_audit:' || right("userId"::text, 2) FROM user_audit
    UNION ALL SELECT 'user_metadata_audit:' || right("userId"::text, 2) || ',' || key FROM user_metadata_audit
    UNION ALL SELECT 'partner_audit:' || right("sharedById"::text, 2) || ',' || right("sharedWithId"::text, 2)
      FROM partner_audit
    UNION ALL SELECT 'asset_audit:' || right("assetId"::text, 2) || ',' || right("ownerId"::text, 2) FROM asset_audit
    UNION ALL SELECT 'asset_metadata_audit:' || right("assetId"::text, 2) || ',' || key FROM asset_metadata_audit
    UNION ALL SELECT 'asset_edit_audit:' || right("editId"::text, 2) || ',' || right("assetId"::text, 2)
      FROM asset_edit_audit
    UNION ALL SELECT 'asset_face_audit:' || right("assetFaceId"::text, 2) || ',' || right("assetId"::text, 2)
      FROM asset_face_audit
    UNION ALL SELECT 'asset_ocr_audit:' || right("assetId"::text, 2) FROM asset_ocr_audit
    UNION ALL SELECT 'person_audit:' || right("personId"::text, 2) || ',' || right("ownerId"::text, 2) FROM person_audit
    UNION ALL SELECT 'stack_audit:' || right("stackId"::text, 2) || ',' || right("userId"::text, 2) FROM stack_audit
    UNION ALL SELECT 'memory_audit:' || right("memoryId"::text, 2) || ',' || right("userId"::text, 2) FROM memory_audit
    UNION ALL SELECT 'memory_asset_audit:' || right("memoryId"::text, 2) || ',' || right("assetId"::text, 2)
      FROM memory_asset_audit
    UNION ALL SELECT 'album_audit:' || right("albumId"::text, 2) || ',' || right("userId"::text, 2) FROM album_audit
    UNION ALL SELECT 'album_user_audit:' || right("albumId"::text, 2) || ',' || right("userId"::text, 2)
      FROM album_user_audit
    UNION ALL SELECT 'album_asset_audit:' || right("albumId"::text, 2) || ',' || right("assetId"::text, 2)
      FROM album_asset_audit
  ) AS audit (line)
)sql";

std::string WhereId(std::string_view table, std::string_view last_two) {
  return fmt::format(R"(FROM {} WHERE id = '00000000-0000-4000-8000-0000000000{}')", table, last_two);
}

/// A migrated database that holds kRows.
class Triggers : public ::testing::Test {
 protected:
  static void Run(const std::function<Task<void>(pg::Pool&)>& body) {
    const MigratedDatabase database;
    WithPool(database, [&](pg::Pool& db) -> Task<void> {
      co_await db.RunScript(std::string(kRows));
      co_await body(db);
    });
  }
};

struct DeleteCase {
  std::string_view name;
  std::string_view sql;
  std::string_view audits;
};

class DeleteAudit : public Triggers, public ::testing::WithParamInterface<DeleteCase> {};

TEST_P(DeleteAudit, LeavesExactlyTheseRows) {
  Run([](pg::Pool& db) -> Task<void> {
    co_await db.RunScript(std::string(GetParam().sql));
    EXPECT_EQ(co_await QueryText(db, std::string(kAudits)), GetParam().audits);
  });
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DeleteAudit,
    ::testing::Values(
        DeleteCase{"UserMetadata", "DELETE FROM user_metadata", "user_metadata_audit:01,preferences"},
        DeleteCase{"Partner", "DELETE FROM partner", "partner_audit:01,02"},
        DeleteCase{"AssetMetadata", "DELETE FROM asset_metadata", "asset_metadata_audit:a1,mobile-app"},
        DeleteCase{"Face", "DELETE FROM asset_face", "asset_face_audit:f1,a1"},
        DeleteCase{"OcrNamesTheAssetOnce", "DELETE FROM asset_ocr", "asset_ocr_audit:a1"},
        DeleteCase{"PersonKeepsFaces", "DELETE FROM person", "person_audit:b1,01"},
        DeleteCase{"Stack", "DELETE FROM stack", "stack_audit:c1,01"},
        DeleteCase{"MemoryWithoutItsAssets", "DELETE FROM memory", "memory_audit:d1,01"},
        DeleteCase{"MemoryAsset", "DELETE FROM memory_asset", "memory_asset_audit:d1,a1"},
        DeleteCase{"AlbumAsset", R"(DELETE FROM album_asset WHERE "albumId"::text LIKE '%e2')",
                   "album_asset_audit:e2,a1"},
        DeleteCase{"AlbumMember", R"(DELETE FROM album_user WHERE role = 'viewer')",
                   "album_audit:e1,02 album_user_audit:e1,02"},
        DeleteCase{"AlbumTellsMembersOnly", "DELETE FROM album WHERE id::text LIKE '%e1'",
                   "album_audit:e1,01 album_audit:e1,02"},
        DeleteCase{"AssetLeavesAlbumsAndMemories", "DELETE FROM asset WHERE id::text LIKE '%a1'",
                   "album_asset_audit:e1,a1 album_asset_audit:e2,a1 asset_audit:a1,01 memory_asset_audit:d1,a1"},
        DeleteCase{"SeveralAssetsInOneStatement", "DELETE FROM asset WHERE id::text LIKE ANY (ARRAY['%a1', '%a3'])",
                   "album_asset_audit:e1,a1 album_asset_audit:e1,a3 album_asset_audit:e2,a1 asset_audit:a1,01 "
                   "asset_audit:a3,01 memory_asset_audit:d1,a1"},
        DeleteCase{"MemberWhoIsDeletedLeavesAlbumsQuietly", R"(DELETE FROM "user" WHERE email = 'two')",
                   "album_audit:e1,02 user_audit:02"},
        DeleteCase{"OwnerTakesEverythingAlong", R"(DELETE FROM "user" WHERE email = 'one')",
                   "album_asset_audit:e1,a1 album_asset_audit:e1,a3 album_asset_audit:e2,a1 album_audit:e1,01 "
                   "album_audit:e2,01 user_audit:01"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(Triggers, AuditIdsAreTimeOrderedVersion7) {
  Run([](pg::Pool& db) -> Task<void> {
    co_await db.RunScript("DELETE FROM asset WHERE id::text LIKE '%a1'");
    co_await db.RunScript("DELETE FROM asset WHERE id::text LIKE '%a3'");
    EXPECT_EQ(
        co_await QueryText(db, R"(SELECT string_agg(right("assetId"::text, 2), ' ' ORDER BY id) FROM asset_audit)"),
        "a1 a3");
    EXPECT_EQ(co_await QueryText(db, "SELECT string_agg(DISTINCT substr(id::text, 15, 1), '') FROM asset_audit"), "7");
  });
}

TEST_F(Triggers, UpdateIdRisesWithEachUpdate) {
  Run([](pg::Pool& db) -> Task<void> {
    const std::string read = R"(SELECT "updateId"::text )" + WhereId("asset", "a1");
    const std::string update = R"(UPDATE asset SET "isFavorite" = "isFavorite" WHERE id::text LIKE '%a1')";
    const std::string inserted = co_await QueryText(db, read);
    co_await db.RunScript(update);
    const std::string first = co_await QueryText(db, read);
    co_await db.RunScript(update);
    const std::string second = co_await QueryText(db, read);
    EXPECT_LT(inserted, first);
    EXPECT_LT(first, second);
    EXPECT_EQ(second[14], '7');
  });
}

TEST_F(Triggers, UpdateIdAndUpdatedAtAreOfOneInstant) {
  Run([](pg::Pool& db) -> Task<void> {
    co_await db.RunScript(R"(UPDATE asset SET "updatedAt" = '2001-01-01', "updateId" = gen_random_uuid())");
    EXPECT_EQ(co_await QueryNumber(db, R"(
        SELECT count(*) FROM asset
        WHERE left(replace("updateId"::text, '-', ''), 12) =
              lpad(to_hex(floor(extract(epoch FROM "updatedAt") * 1000)::bigint), 12, '0')
          AND "updatedAt" > now() - interval '1 minute')"),
              3);
  });
}

TEST_F(Triggers, EveryTableWithUpdatedAtAndUpdateIdHasTheTrigger) {
  Run([](pg::Pool& db) -> Task<void> {
    EXPECT_EQ(co_await QueryText(db, R"(
        SELECT coalesce(string_agg(a.attrelid::regclass::text, ' '), '')
        FROM pg_attribute a JOIN pg_attribute b USING (attrelid)
        JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
        WHERE a.attname = 'updatedAt' AND b.attname = 'updateId'
          AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = a.attrelid AND tgfoid = 'updated_at'::regproc))"),
              "");
  });
}

TEST_F(Triggers, ForeignKeyThatClearsAColumnRenewsTheRow) {
  Run([](pg::Pool& db) -> Task<void> {
    const std::string read = R"(SELECT "updateId"::text )" + WhereId("asset_face", "f1");
    const std::string before = co_await QueryText(db, read);
    co_await db.RunScript("DELETE FROM person");
    EXPECT_LT(before, co_await QueryText(db, read));
  });
}

TEST_F(Triggers, NewMemberRenewsTheAlbum) {
  Run([](pg::Pool& db) -> Task<void> {
    const std::string read = R"(SELECT "updateId"::text )" + WhereId("album", "e2");
    const std::string other = R"(SELECT "updateId"::text )" + WhereId("album", "e1");
    const std::string before = co_await QueryText(db, read);
    const std::string other_before = co_await QueryText(db, other);
    co_await db.RunScript(R"(INSERT INTO album_user ("albumId", "userId", role)
                             SELECT album.id, "user".id, 'editor' FROM album, "user"
                             WHERE album.id::text LIKE '%e2' AND email = 'two')");
    const std::string joined = co_await QueryText(db, read);
    EXPECT_LT(before, joined);
    EXPECT_EQ(co_await QueryText(db, other), other_before);

    co_await db.RunScript("UPDATE album_user SET role = 'viewer' WHERE role = 'editor'");
    EXPECT_EQ(co_await QueryText(db, read), joined);
  });
}

TEST_F(Triggers, EditsDecideIsEdited) {
  Run([](pg::Pool& db) -> Task<void> {
    const std::string edited = R"(SELECT string_agg(right(id::text, 2), ' ') FROM asset WHERE "isEdited")";
    co_await db.RunScript(fmt::format("{}; {}", kEdit1, kEdit2));
    EXPECT_EQ(co_await QueryText(db, edited), "a1");
    co_await db.RunScript("DELETE FROM asset_edit WHERE sequence = 0");
    EXPECT_EQ(co_await QueryText(db, edited), "a1");
    EXPECT_EQ(co_await QueryText(db, std::string(kAudits)), "asset_edit_audit:91,a1");
    co_await db.RunScript("DELETE FROM asset_edit");
    EXPECT_EQ(co_await QueryNumber(db, R"(SELECT count(*) FROM asset WHERE "isEdited")"), 0);
    EXPECT_EQ(co_await QueryText(db, std::string(kAudits)), "asset_edit_audit:91,a1 asset_edit_audit:92,a1");
  });
}

TEST_F(Triggers, ASecondEditDoesNotRenewTheAsset) {
  Run([](pg::Pool& db) -> Task<void> {
    const std::string read = R"(SELECT "updateId"::text )" + WhereId("asset", "a1");
    const std::string before = co_await QueryText(db, read);
    co_await db.RunScript(std::string(kEdit1));
    const std::string edited = co_await QueryText(db, read);
    EXPECT_LT(before, edited);
    co_await db.RunScript(std::string(kEdit2));
    EXPECT_EQ(co_await QueryText(db, read), edited);
  });
}

TEST_F(Triggers, DeletedAssetTakesItsEditsAlongQuietly) {
  Run([](pg::Pool& db) -> Task<void> {
    co_await db.RunScript(std::string(kEdit1));
    co_await db.RunScript("DELETE FROM album; DELETE FROM memory; DELETE FROM album_audit; DELETE FROM memory_audit");
    co_await db.RunScript("DELETE FROM asset WHERE id::text LIKE '%a1'");
    EXPECT_EQ(co_await QueryText(db, std::string(kAudits)), "asset_audit:a1,01");
  });
}

TEST(UuidV7, HoldsTheTimeStampAndKeepsTheOrderWithinAMillisecond) {
  const MigratedDatabase database;
  WithPool(database, [](pg::Pool& db) -> Task<void> {
    // 1704164645678 ms = 0x18cc820db2e
    EXPECT_EQ(co_await QueryText(db, "SELECT left(immich_uuid_v7('2024-01-02 03:04:05.678+00')::text, 15)"),
              "018cc820-db2e-7");
    EXPECT_EQ(co_await QueryText(db, "SELECT left(immich_uuid_v7('1970-01-01 00:00:00.001+00')::text, 15)"),
              "00000000-0001-7");
    EXPECT_EQ(co_await QueryNumber(db, R"(
        SELECT count(*) FROM (
          SELECT micros,
                 row_number() OVER (ORDER BY immich_uuid_v7('2024-01-02'::timestamptz + micros * interval '1 us'))
          FROM generate_series(1, 5000) AS micros) AS ordered (micros, place)
        WHERE micros = place)"),
              5000);
    EXPECT_EQ(co_await QueryNumber(db, R"(
        SELECT count(DISTINCT id) FROM (SELECT immich_uuid_v7('2024-01-02') FROM generate_series(1, 5000)) AS made (id)
        WHERE substr(id::text, 20, 1) IN ('8', '9', 'a', 'b'))"),
              5000);
  });
}

}  // namespace
}  // namespace immich::db
