#include "api/codec/scalar_match.hpp"

#include <gtest/gtest.h>

namespace immich::api {
namespace {

struct Sample {
  Scalar scalar;
  std::string_view text;
  bool matches;
};

class ScalarMatchTest : public testing::TestWithParam<Sample> {};

TEST_P(ScalarMatchTest, DecidesAsThePatternDoes) {
  EXPECT_EQ(MatchesScalar(GetParam().scalar, GetParam().text), GetParam().matches) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Uuids, ScalarMatchTest,
                         testing::Values(Sample{Scalar::kUuid, "8a853ce1-205f-4636-aec0-9fd1d31143ff", true},
                                         Sample{Scalar::kUuid, "8A853CE1-205F-4636-AEC0-9FD1D31143FF", true},
                                         Sample{Scalar::kUuid, "8a853ce1-205f-1636-aec0-9fd1d31143ff", false},
                                         Sample{Scalar::kUuid, "8a853ce1-205f-4636-cec0-9fd1d31143ff", false},
                                         Sample{Scalar::kUuid, "8a853ce1-205f-4636-aec0-9fd1d31143f", false},
                                         Sample{Scalar::kUuid, "8a853ce1205f-4636-aec0-9fd1d31143fff", false},
                                         Sample{Scalar::kUuid, "{a853ce1-205f-4636-aec0-9fd1d31143ff", false},
                                         Sample{Scalar::kUuid, "", false},
                                         Sample{Scalar::kUuid7, "01912f5c-7d5e-7a3c-8f7e-0123456789ab", true},
                                         Sample{Scalar::kUuid7, "01912f5c-7d5e-4a3c-8f7e-0123456789ab", false},
                                         Sample{Scalar::kUuidAny, "01912f5c-7d5e-1a3c-8f7e-0123456789ab", true},
                                         Sample{Scalar::kUuidAny, "00000000-0000-0000-0000-000000000000", true},
                                         Sample{Scalar::kUuidAny, "ffffffff-ffff-ffff-ffff-ffffffffffff", true},
                                         Sample{Scalar::kUuidAny, "00000000-0000-0000-0000-000000000001", false}));

INSTANTIATE_TEST_SUITE_P(Times, ScalarMatchTest,
                         testing::Values(Sample{Scalar::kDatetime, "2024-01-02T03:04:05.678Z", true},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05Z", true},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04Z", true},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05.123456789012+14:00", true},
                                         Sample{Scalar::kDatetime, "2024-02-29T23:59:59-23:59", true},
                                         Sample{Scalar::kDatetime, "2023-02-29T00:00:00Z", false},
                                         Sample{Scalar::kDatetime, "2000-02-29T00:00:00Z", true},
                                         Sample{Scalar::kDatetime, "1900-02-29T00:00:00Z", false},
                                         Sample{Scalar::kDatetime, "2024-04-31T00:00:00Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T24:00:00Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T23:60:00Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T23:00:60Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05", false},
                                         Sample{Scalar::kDatetime, "2024-01-02 03:04:05Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05.Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:5Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05+0100", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05+24:00", false},
                                         Sample{Scalar::kDatetime, "+002024-01-02T03:04:05Z", false},
                                         Sample{Scalar::kDatetime, "2024-01-02T03:04:05Zx", false},
                                         Sample{Scalar::kDate, "2024-12-31", true},
                                         Sample{Scalar::kDate, "2024-1-31", false},
                                         Sample{Scalar::kDate, "-024-01-31", false},
                                         Sample{Scalar::kDate, "2024-12-31T00:00:00Z", false},
                                         Sample{Scalar::kClock, "00:00", true}, Sample{Scalar::kClock, "23:59", true},
                                         Sample{Scalar::kClock, "24:00", false}, Sample{Scalar::kClock, "3:00", false},
                                         Sample{Scalar::kClock, "03:60", false}));

INSTANTIATE_TEST_SUITE_P(
    Emails, ScalarMatchTest,
    testing::Values(
        Sample{Scalar::kEmail, "admin@immich.cloud", true}, Sample{Scalar::kEmail, "admin@localhost", true},
        Sample{Scalar::kEmail, "a.b+c'd@x-y.example.org", true}, Sample{Scalar::kEmail, "jürgen@müller.example", true},
        Sample{Scalar::kEmail, "日本@例え.テスト", true}, Sample{Scalar::kEmail, "@immich.cloud", false},
        Sample{Scalar::kEmail, "admin@", false}, Sample{Scalar::kEmail, "admin", false},
        Sample{Scalar::kEmail, "a@b@c", false}, Sample{Scalar::kEmail, "a b@c", false},
        Sample{Scalar::kEmail, "a@b..c", false}, Sample{Scalar::kEmail, "a@-b.c", false},
        Sample{Scalar::kEmail, "a@b-.c", false}, Sample{Scalar::kEmail, "a@b.c.", false},
        Sample{Scalar::kEmail, "a@123456789012345678901234567890123456789012345678901234567890123.org", true},
        Sample{Scalar::kEmail, "a@1234567890123456789012345678901234567890123456789012345678901234.org", false}));

INSTANTIATE_TEST_SUITE_P(
    Others, ScalarMatchTest,
    testing::Values(Sample{Scalar::kString, "anything", true}, Sample{Scalar::kPinCode, "012345", true},
                    Sample{Scalar::kPinCode, "01234", false}, Sample{Scalar::kPinCode, "0123456", false},
                    Sample{Scalar::kPinCode, "01234a", false}, Sample{Scalar::kColor, "#fff", true},
                    Sample{Scalar::kColor, "fffA", true}, Sample{Scalar::kColor, "#00112233", true},
                    Sample{Scalar::kColor, "#00112", false}, Sample{Scalar::kColor, "##fff", false},
                    Sample{Scalar::kColor, "#ggg", false},
                    Sample{Scalar::kLicenseKey, "IMSV-0000-aaaa-BBBB-1234-1234-1234-1234-1234", true},
                    Sample{Scalar::kLicenseKey, "IMCL-0000-aaaa-BBBB-1234-1234-1234-1234-1234", true},
                    Sample{Scalar::kLicenseKey, "IMXX-0000-aaaa-BBBB-1234-1234-1234-1234-1234", false},
                    Sample{Scalar::kLicenseKey, "IMSV-0000-aaaa-BBBB-1234-1234-1234-1234", false},
                    Sample{Scalar::kLicenseKey, "IMSV-0000-aaaa-BBBB-1234-1234-1234-1234-12.4", false},
                    Sample{Scalar::kTagName, "", true}, Sample{Scalar::kTagName, "a b", true},
                    Sample{Scalar::kTagName, "a/b", false},
                    Sample{Scalar::kBackupName, "immich-db-backup-1.sql.gz", true},
                    Sample{Scalar::kBackupName, "../x.sql", false}, Sample{Scalar::kBackupName, "", false},
                    Sample{Scalar::kSegmentName, "init.mp4", true}, Sample{Scalar::kSegmentName, "seg_12.m4s", true},
                    Sample{Scalar::kSegmentName, "seg_.m4s", false}, Sample{Scalar::kSegmentName, "seg_1.mp4", false},
                    Sample{Scalar::kSegmentName, "initxmp4", false},
                    Sample{Scalar::kUrl, "https://tiles.immich.cloud/v1/style/light.json", true},
                    Sample{Scalar::kUrl, "mailto:a", true}, Sample{Scalar::kUrl, "https://", false},
                    Sample{Scalar::kUrl, "tiles.immich.cloud/x", false}, Sample{Scalar::kUrl, "/style.json", false},
                    Sample{Scalar::kUrl, "", false}));

TEST(ScalarTextTest, DatesAreCutToMilliseconds) {
  EXPECT_EQ(ToIsoString(*ParseDatetime("2024-01-02T03:04:05.6789999999Z")), "2024-01-02T03:04:05.678Z");
  EXPECT_EQ(ToIsoString(*ParseDatetime("2024-01-02T03:04+01:30")), "2024-01-02T01:34:00.000Z");
  EXPECT_EQ(ParseDatetime("2024-01-02"), std::nullopt);
}

TEST(ScalarTextTest, LowerCaseAndLengthAreJavaScripts) {
  EXPECT_EQ(LowerCase("ADMIN@Zürich.ÄÖ"), "admin@zürich.äö");
  EXPECT_EQ(JavaScriptLength("aé日😀"), 5U);
}

}  // namespace
}  // namespace immich::api
