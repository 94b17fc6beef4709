// Requests that keep to the contract, and the answers to those that do not. The expected issues are zod 4's.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/albums_api.hpp"
#include "api/assets_api.hpp"
#include "api/authentication_api.hpp"
#include "api/codec/issue_list.hpp"
#include "api/config_admin_api.hpp"
#include "api/people_api.hpp"
#include "api/queues_api.hpp"
#include "api/search_api.hpp"
#include "api/timeline_api.hpp"
#include "api/users_api.hpp"
#include "platform/error/error.hpp"
#include "platform/http/http_message.hpp"

namespace immich::api {
namespace {

constexpr std::string_view kId = "8a853ce1-205f-4636-aec0-9fd1d31143ff";

http::Request Request(std::vector<std::pair<std::string_view, std::string>> path, std::string_view query = "") {
  http::Request request;
  request.path_params = std::move(path);
  request.query = http::QueryParams::Parse(query);
  return request;
}

/// The `errors` array of the answer, or the message of another error, or "" when nothing is wrong.
template <class Operation>
std::string Issues(const http::Request& request, std::string_view body = "") {
  try {
    Operation::Parse(request, body);
  } catch (const ValidationError& error) {
    constexpr std::string_view kLead = R"({"message":"Validation failed","errors":)";
    const std::string json = error.JsonBody();
    EXPECT_TRUE(json.starts_with(kLead)) << json;
    return json.substr(kLead.size(), json.size() - kLead.size() - 1);
  } catch (const BadRequest& error) {
    return error.what();
  }
  return "";
}

template <class Operation>
std::string BodyIssues(std::string_view body) {
  return Issues<Operation>(Request({{"id", std::string(kId)}}), body);
}

TEST(ContractRequestTest, AnInvalidIdIsAnsweredAsTheOriginalDoes) {
  EXPECT_EQ(
      Issues<GetAssetInfo>(Request({{"id", "not-a-uuid"}})),
      R"([{"origin":"string","code":"invalid_format","format":"uuid","pattern":"/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4)"
      R"([0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/","path":["id"],"message":"Invalid UUID"}])");
  EXPECT_EQ(GetAssetInfo::Parse(Request({{"id", std::string(kId)}}), "").id.ToString(), kId);
}

TEST(ContractRequestTest, QueryTextsAreConverted) {
  const auto input = GetTimeBucket::Parse(
      Request({},
              "timeBucket=2024-01-01&isTrashed=true&withStacked=false&visibility=archive&order=asc&unknown=1&userId=" +
                  std::string(kId)),
      "");
  EXPECT_EQ(input.time_bucket, "2024-01-01");
  EXPECT_EQ(input.is_trashed, true);
  EXPECT_EQ(input.with_stacked, false);
  EXPECT_EQ(input.visibility, AssetVisibility::kArchive);
  EXPECT_EQ(input.order, AssetOrder::kAsc);
  EXPECT_EQ(input.album_id, std::nullopt);
  EXPECT_EQ(input.user_id->ToString(), kId);
}

TEST(ContractRequestTest, MissingAndMisspelledQueryTexts) {
  EXPECT_EQ(Issues<GetTimeBucket>(Request({}, "isTrashed=True&order=up")),
            R"([{"code":"invalid_value","expected":"stringbool","values":["true","false"],"path":["isTrashed"],)"
            R"("message":"Invalid option: expected one of \"true\"|\"false\""},)"
            R"({"code":"invalid_value","values":["asc","desc"],"path":["order"],)"
            R"("message":"Invalid option: expected one of \"asc\"|\"desc\""},)"
            R"({"expected":"string","code":"invalid_type","path":["timeBucket"],)"
            R"("message":"Invalid input: expected string, received undefined"}])");
  EXPECT_EQ(Issues<GetTimeBucket>(Request({}, "timeBucket=a&timeBucket=b")),
            R"([{"expected":"string","code":"invalid_type","path":["timeBucket"],)"
            R"("message":"Invalid input: expected string, received array"}])");
}

TEST(ContractRequestTest, NumbersInQueriesAreConvertedLikeJavaScript) {
  const auto defaults = GetAllPeople::Parse(Request({}), "");
  EXPECT_EQ(defaults.page, 1);
  EXPECT_EQ(defaults.size, 500);
  EXPECT_EQ(GetAllPeople::Parse(Request({}, "page=%2012%20&size=1e2"), "").page, 12);
  EXPECT_EQ(GetAllPeople::Parse(Request({}, "size=0x10"), "").size, 16);
  EXPECT_EQ(Issues<GetAllPeople>(Request({}, "page=&size=1001")),
            R"([{"origin":"number","code":"too_small","minimum":1,"inclusive":true,"path":["page"],)"
            R"("message":"Too small: expected number to be >=1"},)"
            R"({"origin":"number","code":"too_big","maximum":1000,"inclusive":true,"path":["size"],)"
            R"("message":"Too big: expected number to be <=1000"}])");
  EXPECT_EQ(Issues<GetAllPeople>(Request({}, "page=abc&size=1.5")),
            R"([{"expected":"number","code":"invalid_type","received":"NaN","path":["page"],)"
            R"("message":"Invalid input: expected number, received NaN"},)"
            R"({"expected":"int","format":"safeint","code":"invalid_type","path":["size"],)"
            R"("message":"Invalid input: expected int, received number"}])");
}

TEST(ContractRequestTest, RepeatedNamesMakeArrays) {
  const auto name = std::pair<std::string_view, std::string>("name", "thumbnailGeneration");
  const auto two = GetQueueJobs::Parse(Request({name}, "status=active&status=waiting"), "");
  EXPECT_EQ(two.status, (std::vector{QueueJobStatus::kActive, QueueJobStatus::kWaiting}));
  EXPECT_EQ(GetQueueJobs::Parse(Request({name}, "status=failed"), "").status, std::vector{QueueJobStatus::kFailed});
  EXPECT_NE(Issues<GetQueueJobs>(Request({name}, "status=failed&status=x")).find(R"("path":["status",1])"),
            std::string::npos);
}

TEST(ContractRequestTest, HeadersAreFoundInAnyCase) {
  auto request = Request({{"id", std::string(kId)}, {"sessionId", std::string(kId)}, {"variantIndex", "3"}});
  request.headers.Add("X-Immich-Hls-Pos", "1.5");
  const auto input = GetMediaPlaylist::Parse(request, "");
  EXPECT_EQ(input.variant_index, 3);
  EXPECT_EQ(input.x_immich_hls_pos, 1.5);
}

TEST(ContractRequestTest, BodiesAreReadWithAllTheirMistakes) {
  const auto album =
      CreateAlbum::Parse(Request({}), R"({"albumName":"x","assetIds":["8A853CE1-205F-4636-AEC0-9FD1D31143FF"],
      "albumUsers":[{"role":"viewer","userId":"8a853ce1-205f-4636-aec0-9fd1d31143ff"}],"other":1})")
          .body;
  EXPECT_EQ(album.asset_ids->front().ToString(), kId);
  EXPECT_EQ(album.album_users->front().role, AlbumUserRole::kViewer);
  EXPECT_EQ(BodyIssues<CreateAlbum>(R"({"albumName":5,"assetIds":[1],"albumUsers":{},"description":null})"),
            R"([{"expected":"string","code":"invalid_type","path":["albumName"],)"
            R"("message":"Invalid input: expected string, received number"},)"
            R"({"expected":"array","code":"invalid_type","path":["albumUsers"],)"
            R"("message":"Invalid input: expected array, received object"},)"
            R"({"expected":"string","code":"invalid_type","path":["assetIds",0],)"
            R"("message":"Invalid input: expected string, received number"}])");
}

TEST(ContractRequestTest, LengthsAndFormats) {
  EXPECT_EQ(BodyIssues<ChangePassword>(R"({"password":"a","newPassword":"äöü"})"),
            R"([{"origin":"string","code":"too_small","minimum":8,"inclusive":true,"path":["newPassword"],)"
            R"("message":"Too small: expected string to have >=8 characters"}])");
  EXPECT_EQ(BodyIssues<SetupPinCode>(R"({"pinCode":"12345"})"),
            R"([{"origin":"string","code":"invalid_format","format":"regex","pattern":"/^\\d{6}$/","path":["pinCode"],)"
            R"("message":"Invalid string: must match pattern /^\\d{6}$/"}])");
  const std::string many = R"({"edits":[]})";
  EXPECT_EQ(BodyIssues<EditAsset>(many),
            R"([{"origin":"array","code":"too_small","minimum":1,"inclusive":true,)"
            R"("path":["edits"],"message":"Too small: expected array to have >=1 items"}])");
}

TEST(ContractRequestTest, EmailsAreLowerCased) {
  EXPECT_EQ(Login::Parse(Request({}), R"({"email":"Admin@Immich.CLOUD","password":"P"})").body.email,
            "admin@immich.cloud");
  const std::string issues = BodyIssues<Login>(R"({"email":"nobody","password":"p"})");
  EXPECT_NE(issues.find(R"("format":"email")"), std::string::npos);
  EXPECT_NE(issues.find(R"("message":"Invalid email address")"), std::string::npos);
}

TEST(ContractRequestTest, UnsafeIntegersAndFractions) {
  const auto issues = [](std::string_view value) {
    return BodyIssues<UpdateAsset>(R"({"rating":)" + std::string(value) + "}");
  };
  EXPECT_EQ(issues("5"), "");
  EXPECT_EQ(issues("5.0"), "");
  EXPECT_EQ(issues("null"), "");
  EXPECT_NE(issues("4.5").find("expected int"), std::string::npos);
  EXPECT_NE(issues("\"5\"").find("expected number, received string"), std::string::npos);
  EXPECT_NE(issues("6").find("<=5"), std::string::npos);
  EXPECT_EQ(issues("9007199254740993"),
            R"([{"code":"too_big","maximum":9007199254740991,"note":"Integers must be within the safe integer range.",)"
            R"("origin":"int","inclusive":true,"path":["rating"],)"
            R"("message":"Too big: expected int to be <=9007199254740991"}])");
}

TEST(ContractRequestTest, UnionsReportAllAlternativesOrTheClosest) {
  const std::string none = BodyIssues<EditAsset>(R"({"edits":[{"action":"rotate","parameters":{}}]})");
  EXPECT_TRUE(none.starts_with(
      R"([{"code":"invalid_union","errors":[[{"expected":"number","code":"invalid_type","path":["height"],)"))
      << none;
  EXPECT_TRUE(none.ends_with(R"("path":["edits",0,"parameters"],"message":"Invalid input"}])")) << none;
  EXPECT_EQ(
      BodyIssues<EditAsset>(R"({"edits":[{"action":"rotate","parameters":{"angle":400}}]})"),
      R"([{"origin":"number","code":"too_big","maximum":270,"inclusive":true,"path":["edits",0,"parameters","angle"],)"
      R"("message":"Too big: expected number to be <=270"}])");
}

TEST(ContractRequestTest, SearchFiltersRefuseUnknownAndEmptyOperators) {
  EXPECT_EQ(BodyIssues<SearchAssets>(R"({"filter":{"city":{"eq":null},"nope":1,"x\"y":2}})"),
            R"([{"code":"unrecognized_keys","keys":["nope","x\"y"],"path":["filter"],)"
            R"("message":"Unrecognized keys: \"nope\", \"x\"y\""}])");
  EXPECT_EQ(BodyIssues<SearchAssets>(R"({"filter":{"make":{}}})"),
            R"([{"code":"custom","path":["filter","make"],"message":"At least one member is needed"}])");
  const auto input =
      SearchAssets::Parse(Request({}), R"({"filter":{"or":[{"rating":{"eq":null}},{"rating":{"gte":4}}]}})");
  EXPECT_TRUE(input.body.filter->or_->at(0).rating->eq.is_null());
  EXPECT_EQ(input.body.filter->or_->at(1).rating->gte, 4.0);
}

TEST(ContractRequestTest, MissingAndMalformedBodies) {
  EXPECT_NE(Issues<CreateAlbum>(Request({}), "").find("received undefined"), std::string::npos);
  EXPECT_NE(Issues<CreateAlbum>(Request({}), "[]").find("expected object, received array"), std::string::npos);
  EXPECT_TRUE(Issues<CreateAlbum>(Request({}), "{\"albumName\":").starts_with("Invalid JSON"));
  EXPECT_EQ(Issues<UpdateMyUser>(Request({}), ""), "");
  auto text = Request({});
  text.headers.Add("Content-Type", "text/plain");
  EXPECT_NE(Issues<CreateAlbum>(text, R"({"albumName":"x"})").find("received undefined"), std::string::npos);
}

TEST(ContractRequestTest, NulCharactersAreRefused) {
  EXPECT_EQ(BodyIssues<CreateAlbum>(R"({"albumName":"a\u0000b"})"),
            R"([{"code":"custom","path":["albumName"],"message":"Invalid input: NUL character"}])");
  EXPECT_NE(BodyIssues<UpdateAssetMetadata>(R"({"items":[{"key":"k","value":{"a":["\u0000"]}}]})").find("NUL"),
            std::string::npos);
  EXPECT_NE(Issues<SearchPlaces>(Request({}, "name=a%00")).find("NUL"), std::string::npos);
}

TEST(ContractRequestTest, PathQueryAndBodyAreCheckedInThisOrder) {
  const std::string issues = Issues<UpdateAlbumInfo>(Request({{"id", "x"}}), "{");
  EXPECT_NE(issues.find(R"("path":["id"])"), std::string::npos);
}

TEST(ContractRequestTest, AFloodOfMistakesIsCut) {
  std::string body = R"({"ids":[)";
  for (int i = 0; i < 200'000; ++i) body += "1,";
  body.back() = ']';
  body += "}";
  const std::string issues = BodyIssues<DeleteAssets>(body);
  EXPECT_LT(issues.size(), 150'000U);
  EXPECT_NE(issues.find(R"("path":["ids",999])"), std::string::npos);
}

TEST(ContractRequestTest, FormFieldsAreTextsAndJson) {
  const FormFields fields = {{"fileCreatedAt", "2024-01-02T03:04:05.678Z"},
                             {"fileModifiedAt", "2024-01-02T03:04:05Z"},
                             {"duration", "1500"},
                             {"isFavorite", "true"},
                             {"deviceId", "dropped"},
                             {"metadata", R"([{"key":"mobile-app","value":{"iCloudId":"x"}}])"}};
  const auto form = UploadAsset::ParseForm(fields);
  EXPECT_EQ(ToIsoString(form.file_created_at), "2024-01-02T03:04:05.678Z");
  EXPECT_EQ(form.duration, 1500);
  EXPECT_EQ(form.is_favorite, true);
  EXPECT_EQ(form.metadata->front().value.text, R"({"iCloudId":"x"})");
  EXPECT_THROW(UploadAsset::ParseForm({{"fileCreatedAt", "yesterday"}}), ValidationError);
  EXPECT_THROW(
      UploadAsset::ParseForm(
          {{"fileCreatedAt", "2024-01-02T03:04Z"}, {"fileModifiedAt", "2024-01-02T03:04Z"}, {"metadata", "[{]"}}),
      ValidationError);
}

TEST(ContractRequestTest, UrlencodedBodies) {
  auto request = Request({});
  request.headers.Add("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(LogoutOAuth::Parse(request, "logout_token=a.b%2Ec&x=1").body.logout_token, "a.b.c");
  EXPECT_NE(Issues<LogoutOAuth>(request, "").find(R"("path":["logout_token"])"), std::string::npos);
}

TEST(ContractRequestTest, ServicesCanAddIssues) {
  try {
    ThrowIssue("birthDate", "Birth date cannot be in the future");
  } catch (const ValidationError& error) {
    EXPECT_EQ(error.JsonBody(), R"({"message":"Validation failed","errors":[{"code":"custom","path":["birthDate"],)"
                                R"("message":"Birth date cannot be in the future"}]})");
  }
}

}  // namespace
}  // namespace immich::api
