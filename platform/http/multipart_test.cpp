#include "platform/http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/async/event_loop.hpp"
#include "platform/error/error.hpp"

namespace immich::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Writes down what arrives: `field name=value`, `file name (file name) type: data`.
class RecordingSink final : public MultipartSink {
 public:
  Task<void> OnField(const PartInfo& part, std::string value) override {
    parts.push_back("field " + part.name + "=" + value);
    co_return;
  }
  Task<void> OnFileBegin(const PartInfo& part) override {
    parts.push_back("file " + part.name + " (" + part.file_name.value_or("-") + ") " + part.content_type + ": ");
    open = true;
    co_return;
  }
  Task<void> OnFileData(std::span<const std::uint8_t> data) override {
    EXPECT_TRUE(open);
    EXPECT_FALSE(data.empty());
    parts.back().append(reinterpret_cast<const char*>(data.data()), data.size());
    co_return;
  }
  Task<void> OnFileEnd() override {
    EXPECT_TRUE(open);
    open = false;
    co_return;
  }

  std::vector<std::string> parts;
  bool open = false;
};

struct Outcome {
  std::vector<std::string> parts;
  std::string error;
};

Outcome ParseInSlices(std::string_view body, std::size_t slice_bytes, MultipartLimits limits = {},
                      const std::string& boundary = "xyz") {
  Outcome outcome;
  RunToCompletion([&]() -> Task<void> {
    RecordingSink sink;
    MultipartParser parser(boundary, limits, sink);
    try {
      for (std::size_t i = 0; i < body.size(); i += slice_bytes) {
        // A copy of exact size: reading past a slice is an error the sanitizer sees.
        const std::vector<std::uint8_t> slice(body.begin() + i, body.begin() + std::min(body.size(), i + slice_bytes));
        co_await parser.Feed(slice);
      }
      parser.Finish();
    } catch (const BadRequest& error) {
      outcome.error = error.what();
    }
    outcome.parts = sink.parts;
  });
  return outcome;
}

Outcome Parse(std::string_view body, MultipartLimits limits = {}) {
  return ParseInSlices(body, 1 << 20, limits);
}

std::string Part(const std::string& headers, const std::string& data) {
  return "--xyz\r\n" + headers + "\r\n\r\n" + data + "\r\n";
}

TEST(MultipartTest, FieldsAndFilesInEverySlicing) {
  // The data holds every prefix of the delimiter and runs of CR.
  const std::string data = "\r\n--xy\r\n--xY\r\r\n\r\r\r\n-\r--xyz\n--xyz binary \x00\xFF end\r";
  const std::string body = Part("Content-Disposition: form-data; name=\"isFavorite\"", "true") +
                           Part(
                               "Content-Disposition: form-data; name=\"assetData\"; filename=\"a b.jpg\"\r\n"
                               "Content-Type: image/jpeg",
                               data) +
                           Part("content-disposition: FORM-DATA; name=empty", "") + "--xyz--\r\nepilogue";
  for (std::size_t slice = 1; slice <= body.size(); ++slice) {
    const Outcome outcome = ParseInSlices(body, slice);
    EXPECT_EQ(outcome.error, "");
    ASSERT_THAT(outcome.parts,
                ElementsAre("field isFavorite=true", "file assetData (a b.jpg) image/jpeg: " + data, "field empty="))
        << "slices of " << slice;
  }
}

TEST(MultipartTest, PreambleIsIgnored) {
  const Outcome outcome = Parse("preamble\r\n" + Part("Content-Disposition: form-data; name=\"a\"", "1") + "--xyz--");
  EXPECT_THAT(outcome.parts, ElementsAre("field a=1"));
  EXPECT_EQ(outcome.error, "");
}

TEST(MultipartTest, FileNames) {
  const auto name = [](const std::string& parameters) {
    return Parse(Part("Content-Disposition: form-data; name=\"f\"" + parameters, "") + "--xyz--").parts.at(0);
  };
  EXPECT_EQ(name("; filename=\"\xC3\xA4.jpg\""), "file f (ä.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"\xE4.jpg\""), "file f (ä.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"a\\\"b\\\\c.jpg\""), "file f (c.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"C:\\Bilder\\x.jpg\""), "file f (x.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"../../etc/passwd\""), "file f (passwd) text/plain: ");
  EXPECT_EQ(name("; filename=\"..\""), "file f () text/plain: ");
  EXPECT_EQ(name("; filename=plain.jpg"), "file f (plain.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"x;y=z.jpg\"; other=1"), "file f (x;y=z.jpg) text/plain: ");
  EXPECT_EQ(name("; filename=\"fallback.jpg\"; filename*=UTF-8''%e2%82%ac%20a.jpg"), "file f (€ a.jpg) text/plain: ");
  EXPECT_EQ(name("\r\nContent-Type: application/octet-stream"), "file f () application/octet-stream: ");
  EXPECT_EQ(name("\r\nContent-Type: text/plain"), "field f=");
}

TEST(MultipartTest, TruncatedFormsAreRefused) {
  const std::string body = Part("Content-Disposition: form-data; name=\"a\"", "1") + "--xyz--";
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_EQ(Parse(body.substr(0, length)).error, "Unexpected end of form") << length;
  }
}

TEST(MultipartTest, MalformedFormsAreRefused) {
  EXPECT_EQ(Parse("--xyz\r\nno colon\r\n\r\n1\r\n--xyz--").error, "Malformed part header");
  EXPECT_EQ(Parse("--xyz\r\n: empty\r\n\r\n1\r\n--xyz--").error, "Malformed part header");
  EXPECT_EQ(Parse("--xyzabc\r\n\r\n1\r\n--xyz--").error, "Malformed boundary");
  EXPECT_EQ(Parse(Part("Content-Disposition: form-data", "1") + "--xyz--").error, "Field name missing");
  EXPECT_EQ(Parse("--xyz" + std::string(100, ' ') + "\r\n").error, "Malformed boundary");
}

TEST(MultipartTest, OtherPartsAreSkipped) {
  const Outcome outcome = Parse(Part("Content-Type: text/plain", "ignored") +
                                Part("Content-Disposition: attachment; name=\"x\"", "ignored") +
                                Part("Content-Disposition: form-data; name=\"a\"", "1") + "--xyz  \r\n\r\n\r\n--xyz--");
  EXPECT_THAT(outcome.parts, ElementsAre("field a=1"));
  EXPECT_EQ(outcome.error, "");
}

TEST(MultipartTest, LimitsHold) {
  MultipartLimits limits;
  limits.max_parts = 2;
  limits.max_field_bytes = 4;
  limits.max_fields_bytes = 6;
  limits.max_part_header_bytes = 80;
  const std::string head = "Content-Disposition: form-data; name=\"a\"";
  EXPECT_EQ(Parse(Part(head, "1234") + Part(head, "12") + "--xyz--", limits).error, "");
  EXPECT_EQ(Parse(Part(head, "12345") + "--xyz--", limits).error, "Field value too long");
  EXPECT_EQ(Parse(Part(head, "1234") + Part(head, "123") + "--xyz--", limits).error, "Fields too long");
  EXPECT_EQ(Parse(Part(head, "") + Part(head, "") + Part(head, "") + "--xyz--", limits).error, "Too many parts");
  EXPECT_EQ(Parse(Part(head + "\r\nX: " + std::string(80, 'x'), "") + "--xyz--", limits).error,
            "Malformed part header");
  EXPECT_EQ(Parse(Part(head + "; filename=\"f\"", std::string(1000, 'x')) + "--xyz--", limits).error, "");
}

TEST(MultipartTest, FindsTheBoundary) {
  EXPECT_EQ(FindMultipartBoundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(FindMultipartBoundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b;c\""), std::nullopt);
  EXPECT_EQ(FindMultipartBoundary("multipart/form-data; boundary=\"a b\""), "a b");
  EXPECT_EQ(FindMultipartBoundary("multipart/form-data"), std::nullopt);
  EXPECT_EQ(FindMultipartBoundary("multipart/form-data; boundary="), std::nullopt);
  EXPECT_EQ(FindMultipartBoundary("application/json; boundary=abc"), std::nullopt);
  EXPECT_EQ(FindMultipartBoundary("multipart/form-data; boundary=" + std::string(300, 'x')), std::nullopt);
}

}  // namespace
}  // namespace immich::http
