// @generated from openapi/lowered.json by build.rs, and as src/prebuilt.rs by `cargo xtask update-spec`. Do
// not edit it: change openapi/overlay.yaml or crates/codegen.
//
// `types` has what requests and responses are made of. `builder` has a call for each operation: its setters,
// the ways to send it, its facts (`OperationSpec`) and its request. The methods of `Client` that make calls
// follow, by resource. `enums` and `ids` have the types of single values.
#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
#[allow(clippy::all)]
/**What requests and responses are made of, from the API's description.

- Authorization: [`AuthenticationResponse`], [`StackId`]

- Labels: [`LabelKeyCreateItem`], [`LabelKeyCreateRequest`], [`LabelKeyId`], [`LabelKeyListResponse`], [`LabelKeyPatchRequest`], [`LabelKeyResponse`], [`ProjectLabelItem`], [`ProjectLabelListResponse`], [`ProjectLabelPutItem`], [`ProjectLabelPutRequest`], [`ProjectLabelPutResponse`], [`ProjectLabelPutResponseItem`]

- Load tests: [`CloudOptions`], [`LoadTest`], [`LoadTestListResponse`], [`MoveLoadTest`], [`Options`], [`PatchLoadTest`], [`StartLoadTestResponse`], [`ValidateOptionsRequest`], [`ValidateOptionsResponse`]

- Load zones: [`AllowedLoadZone`], [`AllowedLoadZoneToUpdate`], [`AllowedLoadZonesList`], [`AllowedProject`], [`AllowedProjectToUpdate`], [`AllowedProjectsList`], [`LoadZone`], [`LoadZoneId`], [`LoadZonesList`], [`UpdateAllowedLoadZonesList`], [`UpdateAllowedProjectsList`]

- Projects: [`CreateProject`], [`PatchProject`], [`PatchProjectLimitsRequest`], [`Project`], [`ProjectLimits`], [`ProjectLimitsListResponse`], [`ProjectListResponse`]

- Schedules: [`CreateScheduleRequest`], [`Frequency`], [`Schedule`], [`ScheduleCron`], [`ScheduleId`], [`ScheduleListResponse`], [`ScheduleRecurrenceRule`], [`Weekday`]

- Test runs: [`LoadZoneDistribution`], [`Node`], [`PatchTestRun`], [`TestRun`], [`TestRunDistribution`], [`TestRunListResponse`]

- Of several resources: [`CostBreakdown`], [`DistributionZone`], [`LoadTestId`], [`ProjectId`], [`ResultDetails`], [`RunResult`], [`RunStatus`], [`Status`], [`StatusExtra`], [`TestCost`], [`TestRunId`]
*/
pub mod types {
    ///A private load zone that a project may use.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedLoadZone {
        ///Whether runs can use the load zone at present.
        pub available: bool,
        ///Container image that generates the load, for a private load zone that replaces the default image; null otherwise.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub custom_load_runner_image: ::std::option::Option<::std::string::String>,
        ///Id of the load zone.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::LoadZoneId,
        ///Identifier of the load zone in the options of a script, for example `amazon:de:frankfurt`.
        pub k6_load_zone_id: ::std::string::String,
        ///Name of the load zone.
        pub name: ::std::string::String,
        ///True for a public zone, which all projects may use; false for a private one.
        pub public: bool,
    }
    ///A load zone that a project may use.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedLoadZoneToUpdate {
        ///Id of the load zone. This is not the identifier that scripts use.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::LoadZoneId,
    }
    ///The private load zones that a project may use.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedLoadZonesList {
        ///The load zones.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<AllowedLoadZone>,
    }
    ///A project that may use a load zone.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedProject {
        ///Id of the project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::ProjectId,
        ///Name of the project.
        pub name: ::std::string::String,
    }
    ///A project that may use a load zone.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedProjectToUpdate {
        ///Id of the project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::ProjectId,
    }
    ///The projects that may use a private load zone.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AllowedProjectsList {
        ///The projects.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<AllowedProject>,
    }
    ///The stack and the default project of a token.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct AuthenticationResponse {
        ///Id of the stack's default project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub default_project_id: crate::generated::ids::ProjectId,
        ///Id of the stack, the value of `X-Stack-Id` in all other requests.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub stack_id: crate::generated::ids::StackId,
    }
    ///The options of a script that are for the service. Further keys are accepted.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CloudOptions {
        ///Id of the project for the run. If null or left out, it is the default project.
        #[serde(
            rename = "projectID",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_id")]
        pub project_id: ::std::option::Option<crate::generated::ids::ProjectId>,
        ///The properties that have no field of their own, by their names.
        #[serde(flatten)]
        #[serde(serialize_with = "crate::wire::strict::properties")]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    ///Breakdown of a cost.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CostBreakdown {
        ///Used virtual user hours, before any reduction.
        pub base_total_vuh: crate::wire::Vuh,
        ///Billed virtual user hours of browser VUs.
        pub browser_vuh: crate::wire::Vuh,
        ///Billed virtual user hours of protocol VUs.
        pub protocol_vuh: crate::wire::Vuh,
        ///Reduction of the used virtual user hours, in percent, from all single reductions together.
        pub reduction_rate: crate::wire::Vuh,
        ///The single reductions in percent, by name; null if there are none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reduction_rate_breakdown: ::std::option::Option<
            ::std::collections::BTreeMap<::std::string::String, crate::wire::Vuh>,
        >,
    }
    ///The properties of a new project.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CreateProject {
        ///Name of the project, 1 to 255 characters. No other project in the stack may have it.
        pub name: ::std::string::String,
    }
    ///When the service starts a load test. The runs repeat by `recurrence_rule` or by `cron`. Without both, there is one run.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CreateScheduleRequest {
        ///Cron expression for repeated runs; null or left out for none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cron: ::std::option::Option<ScheduleCron>,
        ///Rule for repeated runs; null or left out for none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub recurrence_rule: ::std::option::Option<ScheduleRecurrenceRule>,
        ///Time of the first run. With `cron`, the time from which the expression applies.
        pub starts: crate::wire::Timestamp,
    }
    ///A load zone of a run and its share of the load.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct DistributionZone {
        ///Identifier of the load zone, for example `amazon:de:frankfurt`.
        pub load_zone: ::std::string::String,
        ///Share of the load in percent.
        #[serde(deserialize_with = "crate::wire::tolerant::integer")]
        pub percent: i64,
    }
    ///A new label key.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LabelKeyCreateItem {
        ///Explains the key to people, 1 to 255 characters; null or left out for none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<::std::string::String>,
        ///The key: 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        pub key: ::std::string::String,
    }
    ///New label keys.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LabelKeyCreateRequest {
        ///The keys, 1 to 100.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<LabelKeyCreateItem>,
    }
    ///A list of label keys.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LabelKeyListResponse {
        ///The keys.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<LabelKeyResponse>,
    }
    ///The changes to a label key. Properties that you leave out stay as they are. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct LabelKeyPatchRequest {
        ///The new description, 1 to 255 characters; null removes it.
        #[serde(
            rename = "description",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub description: crate::wire::Patch<::std::string::String>,
        ///The new key: 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        #[serde(
            rename = "key",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub key: crate::wire::Patch<::std::string::String>,
    }
    ///A label key of the organization.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LabelKeyResponse {
        ///Explains the key to people; null if it has no description.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub description: ::std::option::Option<::std::string::String>,
        ///Id of the label key.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::LabelKeyId,
        ///The key.
        pub key: ::std::string::String,
    }
    ///A load test: a script with a name that you can run repeatedly.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LoadTest {
        ///Id of the run to compare others with; null if there is none. Deprecated.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[deprecated(note = "the API deprecates it")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_id")]
        pub baseline_test_run_id: ::std::option::Option<
            crate::generated::ids::TestRunId,
        >,
        ///When the load test was created.
        pub created: crate::wire::Timestamp,
        ///Id of the load test.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::LoadTestId,
        ///Number of the k6 version to run the test with; null if it is not set.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub k6_version: ::std::option::Option<i64>,
        ///Name of the load test, 1 to 300 characters. It is unique in the project.
        pub name: ::std::string::String,
        ///Id of the load test's project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub project_id: crate::generated::ids::ProjectId,
        ///When the load test was last changed. A new script does not change it.
        pub updated: crate::wire::Timestamp,
    }
    ///One page of load tests.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LoadTestListResponse {
        ///Number of load tests on all pages. Only present if the request has `$count`.
        #[serde(
            rename = "@count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///Absolute URL of the next page. Absent on the last page.
        #[serde(
            rename = "@nextLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_link: ::std::option::Option<::std::string::String>,
        ///The load tests on this page.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<LoadTest>,
    }
    ///A location that generates load.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LoadZone {
        ///Whether runs can use the load zone at present.
        pub available: bool,
        ///Container image that generates the load, for a private load zone that replaces the default image; null otherwise.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub custom_load_runner_image: ::std::option::Option<::std::string::String>,
        ///Id of the load zone.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::LoadZoneId,
        ///Identifier of the load zone in the options of a script, for example `amazon:de:frankfurt`.
        pub k6_load_zone_id: ::std::string::String,
        ///Name of the load zone.
        pub name: ::std::string::String,
        ///True for a public zone, which all projects may use; false for a private one.
        pub public: bool,
    }
    ///The share of a load zone in the load of a run, and its machines.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LoadZoneDistribution {
        ///The machines that generate the load in the zone.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub nodes: ::std::vec::Vec<Node>,
        ///Share of the load in percent.
        #[serde(deserialize_with = "crate::wire::tolerant::integer")]
        pub percentage: i64,
    }
    ///A list of load zones.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct LoadZonesList {
        ///The load zones.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<LoadZone>,
    }
    ///Where to move a load test. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct MoveLoadTest {
        ///Id of the new project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub project_id: crate::generated::ids::ProjectId,
    }
    ///A machine that generates load.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Node {
        ///Public IP address of the machine.
        pub public_ip: ::std::string::String,
        ///Size of the machine, for example `c5.xlarge`.
        pub size: ::std::string::String,
    }
    ///The options of a k6 script. Besides `cloud`, all keys that k6 knows are accepted, such as `scenarios`, `vus` and `duration`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Options {
        ///The options that are for the service; null or left out for none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cloud: ::std::option::Option<CloudOptions>,
        ///The properties that have no field of their own, by their names.
        #[serde(flatten)]
        #[serde(serialize_with = "crate::wire::strict::properties")]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    ///The changes to a load test. Properties that you leave out stay as they are. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct PatchLoadTest {
        ///Id of the run to compare others with; null for none. Deprecated.
        #[serde(
            rename = "baseline_test_run_id",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        #[deprecated(note = "the API deprecates it")]
        pub baseline_test_run_id: crate::wire::Patch<crate::generated::ids::TestRunId>,
        ///Number of the k6 version to run the test with, one that the stack offers.
        #[serde(
            rename = "k6_version",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub k6_version: crate::wire::Patch<i64>,
        ///The new name of the load test, 1 to 300 characters. No other load test in the project may have it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
    }
    ///The changes to a project. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct PatchProject {
        ///The new name of the project, 1 to 255 characters. No other project in the stack may have it.
        pub name: ::std::string::String,
    }
    ///The changes to the limits of a project. A limit that you leave out stays as it is, and null removes a limit. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct PatchProjectLimitsRequest {
        ///Maximum duration of a test in seconds; null removes the limit.
        #[serde(
            rename = "duration_max_per_test",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub duration_max_per_test: crate::wire::Patch<i64>,
        ///Maximum number of browser VUs per test; null removes the limit.
        #[serde(
            rename = "vu_browser_max_per_test",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub vu_browser_max_per_test: crate::wire::Patch<i64>,
        ///Maximum number of VUs per test; null removes the limit.
        #[serde(
            rename = "vu_max_per_test",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub vu_max_per_test: crate::wire::Patch<i64>,
        ///Maximum number of virtual user hours (VUH) per month; null removes the limit.
        #[serde(
            rename = "vuh_max_per_month",
            default,
            skip_serializing_if = "crate::wire::Patch::is_absent"
        )]
        pub vuh_max_per_month: crate::wire::Patch<i64>,
    }
    ///The changes to a run. Unknown properties are an error.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct PatchTestRun {
        ///The new note.
        pub note: ::std::string::String,
    }
    ///A project: a group of load tests with its own permissions and limits.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Project {
        ///When the project was created.
        pub created: crate::wire::Timestamp,
        ///Uid of the project's folder in Grafana; null if it has none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub grafana_folder_uid: ::std::option::Option<::std::string::String>,
        ///Id of the project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::ProjectId,
        ///True for the default project. A stack has one.
        pub is_default: bool,
        ///The labels of the project: values by key.
        #[serde(
            default,
            skip_serializing_if = ":: std :: collections :: BTreeMap::is_empty"
        )]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub labels: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        ///Name of the project, 1 to 255 characters. It is unique in the stack.
        pub name: ::std::string::String,
        ///When the project was last changed.
        pub updated: crate::wire::Timestamp,
    }
    ///A label of a project.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelItem {
        ///Key of the label.
        pub key: ::std::string::String,
        ///Value of the label.
        pub value: ::std::string::String,
    }
    ///The labels of a project.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelListResponse {
        ///The labels.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<ProjectLabelItem>,
    }
    ///A label for a project. Give its key by `key_id` or by `key`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelPutItem {
        ///The label key; null or left out if `key_id` is given. It has 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
        ///Id of the label key; null or left out if `key` is given.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_id")]
        pub key_id: ::std::option::Option<crate::generated::ids::LabelKeyId>,
        ///Value of the label: 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        pub value: ::std::string::String,
    }
    ///All labels for a project. They replace the ones that it has.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelPutRequest {
        ///The labels, at most 30, each with another key. An empty list removes all labels.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<ProjectLabelPutItem>,
    }
    ///The labels of a project after a change.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelPutResponse {
        ///The labels.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<ProjectLabelPutResponseItem>,
    }
    ///A label of a project, with the id of its key.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLabelPutResponseItem {
        ///Key of the label.
        pub key: ::std::string::String,
        ///Id of the label key.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub key_id: crate::generated::ids::LabelKeyId,
        ///Value of the label.
        pub value: ::std::string::String,
    }
    ///The limits of a project. Null means no limit.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLimits {
        ///Maximum duration of a test in seconds; null if there is no limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub duration_max_per_test: ::std::option::Option<i64>,
        ///Id of the project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub project_id: crate::generated::ids::ProjectId,
        ///Maximum number of browser VUs per test; null if there is no limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub vu_browser_max_per_test: ::std::option::Option<i64>,
        ///Maximum number of VUs per test; null if there is no limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub vu_max_per_test: ::std::option::Option<i64>,
        ///Maximum number of virtual user hours (VUH) per month; null if there is no limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub vuh_max_per_month: ::std::option::Option<i64>,
    }
    ///One page of limits.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectLimitsListResponse {
        ///Number of projects on all pages. Only present if the request has `$count`.
        #[serde(
            rename = "@count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///Absolute URL of the next page. Absent on the last page.
        #[serde(
            rename = "@nextLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_link: ::std::option::Option<::std::string::String>,
        ///The limits on this page, one entry for each project.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<ProjectLimits>,
    }
    ///One page of projects.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ProjectListResponse {
        ///Number of projects on all pages. Only present if the request has `$count`.
        #[serde(
            rename = "@count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///Absolute URL of the next page. Absent on the last page.
        #[serde(
            rename = "@nextLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_link: ::std::option::Option<::std::string::String>,
        ///The projects on this page.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<Project>,
    }
    ///The result of a run and its reason.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ResultDetails {
        ///Code of the error; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub code: ::std::option::Option<i64>,
        ///Explains to people why a threshold was breached or what the error was; null if there is nothing to explain.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The same value as the run's `result`.
        #[serde(rename = "type")]
        pub type_: crate::generated::enums::RunResult,
    }
    ///When the service starts a load test. A load test has at most one schedule.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Schedule {
        ///Who set the schedule; null if that is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///Cron expression for repeated runs; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cron: ::std::option::Option<ScheduleCron>,
        ///Whether the schedule is deactivated. A deactivated schedule starts no runs.
        pub deactivated: bool,
        ///Id of the schedule.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::ScheduleId,
        ///Id of the load test.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub load_test_id: crate::generated::ids::LoadTestId,
        ///Time of the next run; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub next_run: ::std::option::Option<crate::wire::Timestamp>,
        ///Rule for repeated runs; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub recurrence_rule: ::std::option::Option<ScheduleRecurrenceRule>,
        ///Time of the first run. With `cron`, the time from which the expression applies.
        pub starts: crate::wire::Timestamp,
    }
    ///A cron expression and its time zone.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ScheduleCron {
        ///The cron expression, up to 256 characters: exactly five fields, such as `30 6 * * 1-5`, or one of `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily` and `@hourly`.
        pub schedule: ::std::string::String,
        ///Name of the time zone in the IANA database, up to 128 characters, for example `Europe/Lisbon`.
        pub time_zone: ::std::string::String,
    }
    ///One page of schedules.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ScheduleListResponse {
        ///Number of schedules on all pages. Only present if the request has `$count`.
        #[serde(
            rename = "@count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///Absolute URL of the next page. Absent on the last page.
        #[serde(
            rename = "@nextLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_link: ::std::option::Option<::std::string::String>,
        ///The schedules on this page.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<Schedule>,
    }
    ///A recurrence rule, as calendars have it. If a run is due on day 29, 30 or 31 and the month is shorter, it starts on the last day of the month.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ScheduleRecurrenceRule {
        ///The days of the week of the runs, only for the frequency `WEEKLY`; null or left out for no choice of days.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub byday: ::std::option::Option<
            ::std::vec::Vec<crate::generated::enums::Weekday>,
        >,
        ///Total number of runs; null or left out for no limit.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///The unit of `interval`.
        pub frequency: crate::generated::enums::Frequency,
        ///Number of units from one run to the next: 2 means every other one. The default is 1.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub interval: ::std::option::Option<i64>,
        ///Time after which there are no more runs; null or left out for no end.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub until: ::std::option::Option<crate::wire::Timestamp>,
    }
    ///A new run, with the address of its page.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct StartLoadTestResponse {
        ///Cost of the run. It is null before validation. While the run is in progress, it is an estimate for the whole run. After that, it is what was charged.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cost: ::std::option::Option<TestCost>,
        ///When the run was created.
        pub created: crate::wire::Timestamp,
        ///The load zones of the test with their shares of the load; null if they are not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub distribution: ::std::option::Option<::std::vec::Vec<DistributionZone>>,
        ///When the run ended; null while it is in progress.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub ended: ::std::option::Option<crate::wire::Timestamp>,
        ///Expected duration of the run in seconds; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub estimated_duration: ::std::option::Option<i64>,
        ///Billable duration of the run in seconds.
        #[serde(deserialize_with = "crate::wire::tolerant::integer")]
        pub execution_duration: i64,
        ///Id of the run.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::TestRunId,
        ///Whether the run has a star.
        pub is_starred: bool,
        ///The versions of k6 and its extensions that the script or archive asks for, by name. `k6` is k6 itself.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub k6_dependencies: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        ///The versions of k6 and its extensions that the run uses, by name.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub k6_versions: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        ///Maximum number of browser VUs at a time; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub max_browser_vus: ::std::option::Option<i64>,
        ///Maximum number of VUs at a time, protocol and browser VUs together; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub max_vus: ::std::option::Option<i64>,
        ///The user's note for the run.
        pub note: ::std::string::String,
        ///The options of the script, with any keys; null if they are not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub options: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///Id of the load test's project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub project_id: crate::generated::ids::ProjectId,
        ///The result of the run; null until it is known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub result: ::std::option::Option<crate::generated::enums::RunResult>,
        ///The result and its reason; null until there is a result.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result_details: ::std::option::Option<ResultDetails>,
        ///When the results of the run will be deleted; null for a saved run.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub retention_expiry: ::std::option::Option<crate::wire::Timestamp>,
        ///E-mail address of the user who started the run; null if it was not started with a user's token.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub started_by: ::std::option::Option<::std::string::String>,
        ///The status that the run is in, as in `status_details.type`.
        pub status: crate::generated::enums::RunStatus,
        ///Details of the status.
        pub status_details: Status,
        ///All statuses of the run so far, in order.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub status_history: ::std::vec::Vec<Status>,
        ///Id of the load test.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub test_id: crate::generated::ids::LoadTestId,
        ///Address of the run's page in Grafana.
        pub test_run_details_page_url: ::std::string::String,
    }
    ///A status of a run and when the run entered it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Status {
        ///When the run entered the status.
        pub entered: crate::wire::Timestamp,
        ///Details of the status; null if there are none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub extra: ::std::option::Option<StatusExtra>,
        ///The name of the status.
        #[serde(rename = "type")]
        pub type_: crate::generated::enums::RunStatus,
    }
    ///Details of a status: who set it, or which error led to it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[non_exhaustive]
    pub struct StatusExtra {
        ///E-mail address of the user who set the status; null if it was not a user.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub by_user: ::std::option::Option<::std::string::String>,
        ///Code of the error; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub code: ::std::option::Option<i64>,
        ///Explains the error to people; null if there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    ///Cost of a run in virtual user hours (VUH).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct TestCost {
        ///Breakdown of a cost.
        pub breakdown: CostBreakdown,
        ///Total of the billed virtual user hours.
        pub total_vuh: crate::wire::Vuh,
    }
    ///A single execution of a load test.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct TestRun {
        ///Cost of the run. It is null before validation. While the run is in progress, it is an estimate for the whole run. After that, it is what was charged.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cost: ::std::option::Option<TestCost>,
        ///When the run was created.
        pub created: crate::wire::Timestamp,
        ///The load zones of the test with their shares of the load; null if they are not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub distribution: ::std::option::Option<::std::vec::Vec<DistributionZone>>,
        ///When the run ended; null while it is in progress.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub ended: ::std::option::Option<crate::wire::Timestamp>,
        ///Expected duration of the run in seconds; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub estimated_duration: ::std::option::Option<i64>,
        ///Billable duration of the run in seconds.
        #[serde(deserialize_with = "crate::wire::tolerant::integer")]
        pub execution_duration: i64,
        ///Id of the run.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub id: crate::generated::ids::TestRunId,
        ///Whether the run has a star.
        pub is_starred: bool,
        ///The versions of k6 and its extensions that the script or archive asks for, by name. `k6` is k6 itself.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub k6_dependencies: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        ///The versions of k6 and its extensions that the run uses, by name.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub k6_versions: ::std::collections::BTreeMap<
            ::std::string::String,
            ::std::string::String,
        >,
        ///Maximum number of browser VUs at a time; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub max_browser_vus: ::std::option::Option<i64>,
        ///Maximum number of VUs at a time, protocol and browser VUs together; null if it is not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub max_vus: ::std::option::Option<i64>,
        ///The user's note for the run.
        pub note: ::std::string::String,
        ///The options of the script, with any keys; null if they are not known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub options: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///Id of the load test's project.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub project_id: crate::generated::ids::ProjectId,
        ///The result of the run; null until it is known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub result: ::std::option::Option<crate::generated::enums::RunResult>,
        ///The result and its reason; null until there is a result.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result_details: ::std::option::Option<ResultDetails>,
        ///When the results of the run will be deleted; null for a saved run.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::empty_as_none")]
        pub retention_expiry: ::std::option::Option<crate::wire::Timestamp>,
        ///E-mail address of the user who started the run; null if it was not started with a user's token.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub started_by: ::std::option::Option<::std::string::String>,
        ///The status that the run is in, as in `status_details.type`.
        pub status: crate::generated::enums::RunStatus,
        ///Details of the status.
        pub status_details: Status,
        ///All statuses of the run so far, in order.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub status_history: ::std::vec::Vec<Status>,
        ///Id of the load test.
        #[serde(deserialize_with = "crate::wire::tolerant::id")]
        pub test_id: crate::generated::ids::LoadTestId,
    }
    ///The distribution of a run over load zones and machines.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct TestRunDistribution {
        ///The share of the load and the machines, by the identifier of the load zone.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub distribution: ::std::collections::BTreeMap<
            ::std::string::String,
            LoadZoneDistribution,
        >,
    }
    ///One page of runs.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct TestRunListResponse {
        ///Number of runs on all pages. Only present if the request has `$count`.
        #[serde(
            rename = "@count",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub count: ::std::option::Option<i64>,
        ///Absolute URL of the next page. Absent on the last page.
        #[serde(
            rename = "@nextLink",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_link: ::std::option::Option<::std::string::String>,
        ///The runs on this page.
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<TestRun>,
    }
    ///All private load zones that a project may use.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct UpdateAllowedLoadZonesList {
        ///The load zones, at most 500.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<AllowedLoadZoneToUpdate>,
    }
    ///All projects that may use a private load zone.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct UpdateAllowedProjectsList {
        ///The projects, at most 500.
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::null_as_default")]
        pub value: ::std::vec::Vec<AllowedProjectToUpdate>,
    }
    ///The options of a script to validate, and how they would be run.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ValidateOptionsRequest {
        ///Whether your own machine generates the load. The default is false.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_local_execution: ::std::option::Option<bool>,
        ///The versions of k6 and its extensions that the script asks for, by name. `k6` is k6 itself. Null or left out for none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub k6_dependencies: ::std::option::Option<
            ::std::collections::BTreeMap<::std::string::String, ::std::string::String>,
        >,
        ///Number of the k6 version to run the test with, one that the stack offers. If left out, it is the current major version of the service.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_integer")]
        pub k6_version: ::std::option::Option<i64>,
        ///The options to validate.
        pub options: Options,
        ///Id of the project whose limits apply. If null or left out, it is the default project.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default)]
        #[serde(deserialize_with = "crate::wire::tolerant::optional_id")]
        pub project_id: ::std::option::Option<crate::generated::ids::ProjectId>,
    }
    ///Expected usage of a run.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct ValidateOptionsResponse {
        ///Breakdown of a cost.
        pub breakdown: CostBreakdown,
        ///Virtual user hours (VUH) that a run is expected to be billed.
        pub vuh_usage: crate::wire::Vuh,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            #[inline]
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            #[inline]
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            #[inline]
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            #[inline]
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    impl AllowedLoadZoneToUpdate {
        ///Returns a value with what is required: `id`.
        #[must_use]
        #[inline]
        pub fn new(
            id: impl ::std::convert::Into<crate::generated::ids::LoadZoneId>,
        ) -> Self {
            Self { id: id.into() }
        }
    }
    impl ::std::convert::From<i64> for AllowedLoadZoneToUpdate {
        #[inline]
        fn from(value: i64) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<crate::generated::ids::LoadZoneId>
    for AllowedLoadZoneToUpdate {
        #[inline]
        fn from(value: crate::generated::ids::LoadZoneId) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<&crate::generated::ids::LoadZoneId>
    for AllowedLoadZoneToUpdate {
        #[inline]
        fn from(value: &crate::generated::ids::LoadZoneId) -> Self {
            Self::new(value)
        }
    }
    impl AllowedProjectToUpdate {
        ///Returns a value with what is required: `id`.
        #[must_use]
        #[inline]
        pub fn new(
            id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        ) -> Self {
            Self { id: id.into() }
        }
    }
    impl ::std::convert::From<i64> for AllowedProjectToUpdate {
        #[inline]
        fn from(value: i64) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<crate::generated::ids::ProjectId>
    for AllowedProjectToUpdate {
        #[inline]
        fn from(value: crate::generated::ids::ProjectId) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<&crate::generated::ids::ProjectId>
    for AllowedProjectToUpdate {
        #[inline]
        fn from(value: &crate::generated::ids::ProjectId) -> Self {
            Self::new(value)
        }
    }
    impl CloudOptions {
        ///Returns a value without any property.
        #[must_use]
        #[inline]
        pub fn new() -> Self {
            Self {
                project_id: ::std::default::Default::default(),
                extra: ::std::default::Default::default(),
            }
        }
        ///Id of the project for the run. If null or left out, it is the default project.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn project_id(
            mut self,
            project_id: impl crate::wire::IntoOption<crate::generated::ids::ProjectId>,
        ) -> Self {
            self.project_id = crate::wire::IntoOption::into_option(project_id);
            self
        }
        ///Sets a property that the description does not name.
        #[must_use]
        #[inline]
        pub fn extra(
            mut self,
            name: impl ::std::convert::Into<::std::string::String>,
            value: impl ::std::convert::Into<::serde_json::Value>,
        ) -> Self {
            self.extra.insert(name.into(), value.into());
            self
        }
    }
    impl ::std::default::Default for CloudOptions {
        #[inline]
        fn default() -> Self {
            Self::new()
        }
    }
    impl ::std::convert::From<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    > for CloudOptions {
        #[inline]
        fn from(
            properties: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ) -> Self {
            Self {
                extra: properties,
                ..Self::new()
            }
        }
    }
    impl ::std::convert::From<
        ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
    > for CloudOptions {
        #[inline]
        fn from(
            properties: ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
        ) -> Self {
            Self {
                extra: properties.unwrap_or_default(),
                ..Self::new()
            }
        }
    }
    ///Takes an object. Any other value is an error when the request is sent; null is no property.
    impl ::std::convert::From<::serde_json::Value> for CloudOptions {
        #[inline]
        fn from(properties: ::serde_json::Value) -> Self {
            Self {
                extra: crate::wire::strict::object(properties),
                ..Self::new()
            }
        }
    }
    impl CloudOptions {
        ///Makes one from any value that serializes to an object. One that does not is an error when the request is sent.
        #[must_use]
        #[inline]
        pub fn of(value: &impl ::serde::Serialize) -> Self {
            Self {
                extra: crate::wire::strict::serialized(value),
                ..Self::new()
            }
        }
    }
    impl CreateProject {
        ///Returns a value with what is required: `name`.
        #[must_use]
        #[inline]
        pub fn new(name: impl ::std::convert::Into<::std::string::String>) -> Self {
            Self { name: name.into() }
        }
    }
    impl ::std::convert::From<&str> for CreateProject {
        #[inline]
        fn from(value: &str) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<::std::string::String> for CreateProject {
        #[inline]
        fn from(value: ::std::string::String) -> Self {
            Self::new(value)
        }
    }
    impl CreateScheduleRequest {
        ///Returns a value with what is required: `starts`.
        #[must_use]
        #[inline]
        pub fn new(starts: impl ::std::convert::Into<crate::wire::Timestamp>) -> Self {
            Self {
                starts: starts.into(),
                cron: ::std::default::Default::default(),
                recurrence_rule: ::std::default::Default::default(),
            }
        }
        ///Cron expression for repeated runs; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn cron(mut self, cron: impl crate::wire::IntoOption<ScheduleCron>) -> Self {
            self.cron = crate::wire::IntoOption::into_option(cron);
            self
        }
        ///Rule for repeated runs; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn recurrence_rule(
            mut self,
            recurrence_rule: impl crate::wire::IntoOption<ScheduleRecurrenceRule>,
        ) -> Self {
            self.recurrence_rule = crate::wire::IntoOption::into_option(recurrence_rule);
            self
        }
    }
    impl LabelKeyCreateItem {
        ///Returns a value with what is required: `key`.
        #[must_use]
        #[inline]
        pub fn new(key: impl ::std::convert::Into<::std::string::String>) -> Self {
            Self {
                key: key.into(),
                description: ::std::default::Default::default(),
            }
        }
        ///Explains the key to people, 1 to 255 characters; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn description(
            mut self,
            description: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.description = crate::wire::IntoOption::into_option(description);
            self
        }
    }
    impl ::std::convert::From<&str> for LabelKeyCreateItem {
        #[inline]
        fn from(value: &str) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<::std::string::String> for LabelKeyCreateItem {
        #[inline]
        fn from(value: ::std::string::String) -> Self {
            Self::new(value)
        }
    }
    impl LabelKeyCreateRequest {
        ///Returns a value with what is required: `value`.
        #[must_use]
        #[inline]
        pub fn new(
            value: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<LabelKeyCreateItem>,
            >,
        ) -> Self {
            Self {
                value: value.into_iter().map(::std::convert::Into::into).collect(),
            }
        }
    }
    impl LabelKeyPatchRequest {
        ///Returns a value without any property.
        #[must_use]
        #[inline]
        pub fn new() -> Self {
            Self {
                description: ::std::default::Default::default(),
                key: ::std::default::Default::default(),
            }
        }
        ///The new description, 1 to 255 characters; null removes it.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn description(
            mut self,
            description: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.description = crate::wire::IntoOption::into_patch(description);
            self
        }
        ///The new key: 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn key(
            mut self,
            key: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.key = crate::wire::IntoOption::into_patch(key);
            self
        }
    }
    impl MoveLoadTest {
        ///Returns a value with what is required: `project_id`.
        #[must_use]
        #[inline]
        pub fn new(
            project_id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        ) -> Self {
            Self {
                project_id: project_id.into(),
            }
        }
    }
    impl ::std::convert::From<i64> for MoveLoadTest {
        #[inline]
        fn from(value: i64) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<crate::generated::ids::ProjectId> for MoveLoadTest {
        #[inline]
        fn from(value: crate::generated::ids::ProjectId) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<&crate::generated::ids::ProjectId> for MoveLoadTest {
        #[inline]
        fn from(value: &crate::generated::ids::ProjectId) -> Self {
            Self::new(value)
        }
    }
    impl Options {
        ///Returns a value without any property.
        #[must_use]
        #[inline]
        pub fn new() -> Self {
            Self {
                cloud: ::std::default::Default::default(),
                extra: ::std::default::Default::default(),
            }
        }
        ///The options that are for the service; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn cloud(
            mut self,
            cloud: impl crate::wire::IntoOption<CloudOptions>,
        ) -> Self {
            self.cloud = crate::wire::IntoOption::into_option(cloud);
            self
        }
        ///Sets a property that the description does not name.
        #[must_use]
        #[inline]
        pub fn extra(
            mut self,
            name: impl ::std::convert::Into<::std::string::String>,
            value: impl ::std::convert::Into<::serde_json::Value>,
        ) -> Self {
            self.extra.insert(name.into(), value.into());
            self
        }
    }
    impl ::std::default::Default for Options {
        #[inline]
        fn default() -> Self {
            Self::new()
        }
    }
    impl ::std::convert::From<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    > for Options {
        #[inline]
        fn from(
            properties: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ) -> Self {
            Self {
                extra: properties,
                ..Self::new()
            }
        }
    }
    impl ::std::convert::From<
        ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
    > for Options {
        #[inline]
        fn from(
            properties: ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
        ) -> Self {
            Self {
                extra: properties.unwrap_or_default(),
                ..Self::new()
            }
        }
    }
    ///Takes an object. Any other value is an error when the request is sent; null is no property.
    impl ::std::convert::From<::serde_json::Value> for Options {
        #[inline]
        fn from(properties: ::serde_json::Value) -> Self {
            Self {
                extra: crate::wire::strict::object(properties),
                ..Self::new()
            }
        }
    }
    impl Options {
        ///Makes one from any value that serializes to an object. One that does not is an error when the request is sent.
        #[must_use]
        #[inline]
        pub fn of(value: &impl ::serde::Serialize) -> Self {
            Self {
                extra: crate::wire::strict::serialized(value),
                ..Self::new()
            }
        }
    }
    impl PatchLoadTest {
        ///Returns a value without any property.
        #[must_use]
        #[inline]
        pub fn new() -> Self {
            Self {
                baseline_test_run_id: ::std::default::Default::default(),
                k6_version: ::std::default::Default::default(),
                name: ::std::default::Default::default(),
            }
        }
        ///Id of the run to compare others with; null for none. Deprecated.
        #[deprecated(note = "the API deprecates it")]
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn baseline_test_run_id(
            mut self,
            baseline_test_run_id: impl crate::wire::IntoOption<
                crate::generated::ids::TestRunId,
            >,
        ) -> Self {
            self.baseline_test_run_id = crate::wire::IntoOption::into_patch(
                baseline_test_run_id,
            );
            self
        }
        ///Number of the k6 version to run the test with, one that the stack offers.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn k6_version(
            mut self,
            k6_version: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.k6_version = crate::wire::IntoOption::into_patch(k6_version);
            self
        }
        ///The new name of the load test, 1 to 300 characters. No other load test in the project may have it.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn name(
            mut self,
            name: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.name = crate::wire::IntoOption::into_option(name);
            self
        }
    }
    impl PatchProject {
        ///Returns a value with what is required: `name`.
        #[must_use]
        #[inline]
        pub fn new(name: impl ::std::convert::Into<::std::string::String>) -> Self {
            Self { name: name.into() }
        }
    }
    impl ::std::convert::From<&str> for PatchProject {
        #[inline]
        fn from(value: &str) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<::std::string::String> for PatchProject {
        #[inline]
        fn from(value: ::std::string::String) -> Self {
            Self::new(value)
        }
    }
    impl PatchProjectLimitsRequest {
        ///Returns a value without any property.
        #[must_use]
        #[inline]
        pub fn new() -> Self {
            Self {
                duration_max_per_test: ::std::default::Default::default(),
                vu_browser_max_per_test: ::std::default::Default::default(),
                vu_max_per_test: ::std::default::Default::default(),
                vuh_max_per_month: ::std::default::Default::default(),
            }
        }
        ///Maximum duration of a test in seconds; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn duration_max_per_test(
            mut self,
            duration_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.duration_max_per_test = crate::wire::IntoOption::into_patch(
                duration_max_per_test,
            );
            self
        }
        ///Maximum number of browser VUs per test; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn vu_browser_max_per_test(
            mut self,
            vu_browser_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.vu_browser_max_per_test = crate::wire::IntoOption::into_patch(
                vu_browser_max_per_test,
            );
            self
        }
        ///Maximum number of VUs per test; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn vu_max_per_test(
            mut self,
            vu_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.vu_max_per_test = crate::wire::IntoOption::into_patch(vu_max_per_test);
            self
        }
        ///Maximum number of virtual user hours (VUH) per month; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[must_use]
        #[inline]
        pub fn vuh_max_per_month(
            mut self,
            vuh_max_per_month: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.vuh_max_per_month = crate::wire::IntoOption::into_patch(
                vuh_max_per_month,
            );
            self
        }
    }
    impl PatchTestRun {
        ///Returns a value with what is required: `note`.
        #[must_use]
        #[inline]
        pub fn new(note: impl ::std::convert::Into<::std::string::String>) -> Self {
            Self { note: note.into() }
        }
    }
    impl ::std::convert::From<&str> for PatchTestRun {
        #[inline]
        fn from(value: &str) -> Self {
            Self::new(value)
        }
    }
    impl ::std::convert::From<::std::string::String> for PatchTestRun {
        #[inline]
        fn from(value: ::std::string::String) -> Self {
            Self::new(value)
        }
    }
    impl ProjectLabelPutItem {
        ///Returns a value with what is required: `value`.
        #[must_use]
        #[inline]
        pub fn new(value: impl ::std::convert::Into<::std::string::String>) -> Self {
            Self {
                value: value.into(),
                key: ::std::default::Default::default(),
                key_id: ::std::default::Default::default(),
            }
        }
        ///The label key; null or left out if `key_id` is given. It has 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn key(
            mut self,
            key: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.key = crate::wire::IntoOption::into_option(key);
            self
        }
        ///Id of the label key; null or left out if `key` is given.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn key_id(
            mut self,
            key_id: impl crate::wire::IntoOption<crate::generated::ids::LabelKeyId>,
        ) -> Self {
            self.key_id = crate::wire::IntoOption::into_option(key_id);
            self
        }
    }
    impl<
        K: ::std::convert::Into<::std::string::String>,
        V: ::std::convert::Into<::std::string::String>,
    > ::std::convert::From<(K, V)> for ProjectLabelPutItem {
        #[inline]
        fn from((key, value): (K, V)) -> Self {
            Self::new(value).key(key.into())
        }
    }
    impl ProjectLabelPutRequest {
        ///Returns a value with what is required: `value`.
        #[must_use]
        #[inline]
        pub fn new(
            value: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<ProjectLabelPutItem>,
            >,
        ) -> Self {
            Self {
                value: value.into_iter().map(::std::convert::Into::into).collect(),
            }
        }
    }
    impl ScheduleCron {
        ///Returns a value with what is required: `schedule`, `time_zone`.
        #[must_use]
        #[inline]
        pub fn new(
            schedule: impl ::std::convert::Into<::std::string::String>,
            time_zone: impl ::std::convert::Into<::std::string::String>,
        ) -> Self {
            Self {
                schedule: schedule.into(),
                time_zone: time_zone.into(),
            }
        }
    }
    impl ScheduleRecurrenceRule {
        ///Returns a value with what is required: `frequency`.
        #[must_use]
        #[inline]
        pub fn new(
            frequency: impl ::std::convert::Into<crate::generated::enums::Frequency>,
        ) -> Self {
            Self {
                frequency: frequency.into(),
                byday: ::std::default::Default::default(),
                count: ::std::default::Default::default(),
                interval: ::std::default::Default::default(),
                until: ::std::default::Default::default(),
            }
        }
        ///The days of the week of the runs, only for the frequency `WEEKLY`; null or left out for no choice of days.
        #[must_use]
        #[inline]
        pub fn byday(
            mut self,
            byday: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<crate::generated::enums::Weekday>,
            >,
        ) -> Self {
            self.byday = ::std::option::Option::Some(
                byday.into_iter().map(::std::convert::Into::into).collect(),
            );
            self
        }
        ///Leaves out what [`byday`](Self::byday) sets, as if it had not been called.
        #[must_use]
        #[inline]
        pub fn clear_byday(mut self) -> Self {
            self.byday = ::std::default::Default::default();
            self
        }
        ///Total number of runs; null or left out for no limit.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<i64>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        ///Number of units from one run to the next: 2 means every other one. The default is 1.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn interval(mut self, interval: impl crate::wire::IntoOption<i64>) -> Self {
            self.interval = crate::wire::IntoOption::into_option(interval);
            self
        }
        ///Time after which there are no more runs; null or left out for no end.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn until(
            mut self,
            until: impl crate::wire::IntoOption<crate::wire::Timestamp>,
        ) -> Self {
            self.until = crate::wire::IntoOption::into_option(until);
            self
        }
    }
    impl UpdateAllowedLoadZonesList {
        ///Returns a value with what is required: `value`.
        #[must_use]
        #[inline]
        pub fn new(
            value: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<AllowedLoadZoneToUpdate>,
            >,
        ) -> Self {
            Self {
                value: value.into_iter().map(::std::convert::Into::into).collect(),
            }
        }
    }
    impl UpdateAllowedProjectsList {
        ///Returns a value with what is required: `value`.
        #[must_use]
        #[inline]
        pub fn new(
            value: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<AllowedProjectToUpdate>,
            >,
        ) -> Self {
            Self {
                value: value.into_iter().map(::std::convert::Into::into).collect(),
            }
        }
    }
    impl ValidateOptionsRequest {
        ///Returns a value with what is required: `options`.
        #[must_use]
        #[inline]
        pub fn new(options: impl ::std::convert::Into<Options>) -> Self {
            Self {
                options: options.into(),
                is_local_execution: ::std::default::Default::default(),
                k6_dependencies: ::std::default::Default::default(),
                k6_version: ::std::default::Default::default(),
                project_id: ::std::default::Default::default(),
            }
        }
        ///Whether your own machine generates the load. The default is false.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn is_local_execution(
            mut self,
            is_local_execution: impl crate::wire::IntoOption<bool>,
        ) -> Self {
            self.is_local_execution = crate::wire::IntoOption::into_option(
                is_local_execution,
            );
            self
        }
        ///The versions of k6 and its extensions that the script asks for, by name. `k6` is k6 itself. Null or left out for none.
        #[must_use]
        #[inline]
        pub fn k6_dependencies(
            mut self,
            k6_dependencies: impl ::std::iter::IntoIterator<
                Item = (
                    impl ::std::convert::Into<::std::string::String>,
                    impl ::std::convert::Into<::std::string::String>,
                ),
            >,
        ) -> Self {
            self.k6_dependencies = ::std::option::Option::Some(
                k6_dependencies
                    .into_iter()
                    .map(|(key, value)| (key.into(), value.into()))
                    .collect(),
            );
            self
        }
        ///Leaves out what [`k6_dependencies`](Self::k6_dependencies) sets, as if it had not been called.
        #[must_use]
        #[inline]
        pub fn clear_k6_dependencies(mut self) -> Self {
            self.k6_dependencies = ::std::default::Default::default();
            self
        }
        ///Number of the k6 version to run the test with, one that the stack offers. If left out, it is the current major version of the service.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn k6_version(
            mut self,
            k6_version: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.k6_version = crate::wire::IntoOption::into_option(k6_version);
            self
        }
        ///Id of the project whose limits apply. If null or left out, it is the default project.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[must_use]
        #[inline]
        pub fn project_id(
            mut self,
            project_id: impl crate::wire::IntoOption<crate::generated::ids::ProjectId>,
        ) -> Self {
            self.project_id = crate::wire::IntoOption::into_option(project_id);
            self
        }
    }
    pub use super::enums::*;
    pub use super::ids::*;
}
#[derive(Clone, Debug)]
/**A client of the Grafana Cloud k6 REST API.

[`from_env`](Self::from_env) makes one from the settings of the k6 command-line tool, and [`builder`](Self::builder) from settings of your own. A clone is cheap: it shares connections, permits and the retry budget with the original.

The methods are grouped by resource. Each returns a call: what the API requires is an argument, what is optional is a setter, and `.send().await` sends it.

```no_run
# async fn example() -> Result<(), k6_cloud::Error> {
let client = k6_cloud::Client::from_env()?;
let run = client.get_test_run(42).send().await?;
println!("{}: {}", run.id, run.verdict());
# Ok(()) }
```*/
/**

# Methods by resource

- Authorization: [`authenticate`](Self::authenticate)
- Labels: [`create_label_keys`](Self::create_label_keys), [`delete_label_key`](Self::delete_label_key), [`delete_project_label`](Self::delete_project_label), [`list_label_keys`](Self::list_label_keys), [`list_project_labels`](Self::list_project_labels), [`replace_project_labels`](Self::replace_project_labels), [`update_label_key`](Self::update_label_key)
- Load tests: [`create_load_test`](Self::create_load_test), [`delete_load_test`](Self::delete_load_test), [`get_load_test`](Self::get_load_test), [`get_load_test_script`](Self::get_load_test_script), [`list_load_tests`](Self::list_load_tests), [`list_project_load_tests`](Self::list_project_load_tests), [`move_load_test`](Self::move_load_test), [`start_load_test`](Self::start_load_test), [`update_load_test`](Self::update_load_test), [`upload_load_test_script`](Self::upload_load_test_script), [`validate_options`](Self::validate_options), [`ensure_load_test`](Self::ensure_load_test), [`trend_of_load_test`](Self::trend_of_load_test), [`list_load_test_metrics`](Self::list_load_test_metrics), [`query_load_test`](Self::query_load_test)
- Load zones: [`list_load_zone_allowed_projects`](Self::list_load_zone_allowed_projects), [`list_load_zones`](Self::list_load_zones), [`list_project_allowed_load_zones`](Self::list_project_allowed_load_zones), [`replace_load_zone_allowed_projects`](Self::replace_load_zone_allowed_projects), [`replace_project_allowed_load_zones`](Self::replace_project_allowed_load_zones)
- Projects: [`create_project`](Self::create_project), [`delete_project`](Self::delete_project), [`get_project`](Self::get_project), [`get_project_limits`](Self::get_project_limits), [`list_project_limits`](Self::list_project_limits), [`list_projects`](Self::list_projects), [`update_project`](Self::update_project), [`update_project_limits`](Self::update_project_limits), [`ensure_project`](Self::ensure_project), [`resource_names`](Self::resource_names)
- Schedules: [`activate_schedule`](Self::activate_schedule), [`deactivate_schedule`](Self::deactivate_schedule), [`delete_schedule`](Self::delete_schedule), [`get_load_test_schedule`](Self::get_load_test_schedule), [`get_schedule`](Self::get_schedule), [`list_schedules`](Self::list_schedules), [`set_load_test_schedule`](Self::set_load_test_schedule)
- Test runs: [`abort_test_run`](Self::abort_test_run), [`delete_test_run`](Self::delete_test_run), [`get_test_run`](Self::get_test_run), [`get_test_run_distribution`](Self::get_test_run_distribution), [`get_test_run_script`](Self::get_test_run_script), [`list_load_test_runs`](Self::list_load_test_runs), [`list_test_runs`](Self::list_test_runs), [`save_test_run`](Self::save_test_run), [`star_test_run`](Self::star_test_run), [`unsave_test_run`](Self::unsave_test_run), [`unstar_test_run`](Self::unstar_test_run), [`update_test_run`](Self::update_test_run), [`test_run`](Self::test_run), [`wait_for_test_run`](Self::wait_for_test_run), [`watch_test_run`](Self::watch_test_run), [`resume`](Self::resume), [`summarize_test_run`](Self::summarize_test_run), [`summarize_baseline`](Self::summarize_baseline), [`list_run_metrics`](Self::list_run_metrics), [`list_series`](Self::list_series), [`list_series_labels`](Self::list_series_labels), [`list_label_values`](Self::list_label_values), [`query_range`](Self::query_range), [`query_aggregate`](Self::query_aggregate)
- Any endpoint: [`request`](Self::request)*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::Inner,
}
impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    #[inline]
    pub(crate) fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::Inner,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::Inner> for Client {
    #[inline]
    fn api_version() -> &'static str {
        "1.12.0"
    }
    #[inline]
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    #[inline]
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    #[inline]
    fn inner(&self) -> &crate::Inner {
        &self.inner
    }
}
/**Builders of calls, from the methods of [`Client`](crate::Client).

- Authorization: [`Authenticate`]

- Labels: [`CreateLabelKeys`], [`DeleteLabelKey`], [`DeleteProjectLabel`], [`ListLabelKeys`], [`ListProjectLabels`], [`ReplaceProjectLabels`], [`UpdateLabelKey`]

- Load tests: [`DeleteLoadTest`], [`GetLoadTest`], [`ListLoadTests`], [`ListProjectLoadTests`], [`MoveLoadTest`], [`UpdateLoadTest`], [`ValidateOptions`]

- Load zones: [`ListLoadZoneAllowedProjects`], [`ListLoadZones`], [`ListProjectAllowedLoadZones`], [`ReplaceLoadZoneAllowedProjects`], [`ReplaceProjectAllowedLoadZones`]

- Projects: [`CreateProject`], [`DeleteProject`], [`GetProject`], [`GetProjectLimits`], [`ListProjectLimits`], [`ListProjects`], [`UpdateProject`], [`UpdateProjectLimits`]

- Schedules: [`ActivateSchedule`], [`DeactivateSchedule`], [`DeleteSchedule`], [`GetLoadTestSchedule`], [`GetSchedule`], [`ListSchedules`], [`SetLoadTestSchedule`]

- Test runs: [`AbortTestRun`], [`DeleteTestRun`], [`GetTestRun`], [`GetTestRunDistribution`], [`ListLoadTestRuns`], [`ListTestRuns`], [`SaveTestRun`], [`StarTestRun`], [`UnsaveTestRun`], [`UnstarTestRun`], [`UpdateTestRun`]
*/
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{ByteStream, RequestBuilderExt, ResponseValue};
    #[allow(unused_imports)]
    use progenitor_client::Error as SendError;
    /**Abort a test run.

From [`Client::abort_test_run`](crate::Client::abort_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct AbortTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl AbortTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The run is not in progress.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for AbortTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for AbortTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "abort_test_run",
            method: "POST",
            path: "/cloud/v6/test_runs/{id}/abort",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/abort", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Activate a schedule.

From [`Client::activate_schedule`](crate::Client::activate_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ActivateSchedule {
        client: super::Client,
        id: crate::generated::ids::ScheduleId,
    }
    impl ActivateSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ScheduleId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The schedule has expired and cannot be activated.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for ActivateSchedule {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ActivateSchedule {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "activate_schedule",
            method: "POST",
            path: "/cloud/v6/schedules/{id}/activate",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/schedules/{}/activate", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get the stack and the default project of a token.

From [`Client::authenticate`](crate::Client::authenticate). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct Authenticate {
        client: super::Client,
        x_stack_url: ::std::string::String,
    }
    impl Authenticate {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            x_stack_url: ::std::string::String,
        ) -> Self {
            Self { client, x_stack_url }
        }
        /**Sends the request.

Returns a [`AuthenticationResponse`](crate::types::AuthenticationResponse).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::AuthenticationResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::AuthenticationResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for Authenticate {
        type Output = ::std::result::Result<types::AuthenticationResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::AuthenticationResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for Authenticate {
        type Output = types::AuthenticationResponse;
        type Reader = crate::operation::Json<types::AuthenticationResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "authenticate",
            method: "GET",
            path: "/cloud/v6/auth",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: false,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, x_stack_url } = self;
            let make = || {
                let url = format!("{}/cloud/v6/auth", client.baseurl,);
                let mut header_map = ::reqwest::header::HeaderMap::new();
                header_map.append("X-Stack-Url", x_stack_url.to_string().try_into()?);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .headers(header_map)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Create label keys.

From [`Client::create_label_keys`](crate::Client::create_label_keys). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct CreateLabelKeys {
        client: super::Client,
        body: types::LabelKeyCreateRequest,
    }
    impl CreateLabelKeys {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            body: types::LabelKeyCreateRequest,
        ) -> Self {
            Self { client, body }
        }
        /**Sends the request.

Returns a [`LabelKeyListResponse`](crate::types::LabelKeyListResponse).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): A key or its description does not have the required form.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Conflict`](crate::ErrorKind::Conflict) (409): A key exists already, or the organization would have more than 100 keys.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LabelKeyListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::LabelKeyListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::LabelKeyCreateRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for CreateLabelKeys {
        type Output = ::std::result::Result<types::LabelKeyListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LabelKeyListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for CreateLabelKeys {
        type Output = types::LabelKeyListResponse;
        type Reader = crate::operation::Json<types::LabelKeyListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "create_label_keys",
            method: "POST",
            path: "/cloud/v6/labels",
            success: 201u16..=201u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, body } = self;
            let make = || {
                let url = format!("{}/cloud/v6/labels", client.baseurl,);
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    ///The bare request of a call that is written by hand.
    #[derive(Debug)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub(crate) struct CreateLoadTest {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
        content_type: ::std::string::String,
        body: reqwest::Body,
    }
    impl CreateLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
            content_type: ::std::string::String,
            body: reqwest::Body,
        ) -> Self {
            Self {
                client,
                id,
                content_type,
                body,
            }
        }
    }
    impl crate::operation::Operation for CreateLoadTest {
        type Output = types::LoadTest;
        type Reader = crate::operation::Json<types::LoadTest>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "create_load_test",
            method: "POST",
            path: "/cloud/v6/projects/{id}/load_tests",
            success: 201u16..=201u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, content_type, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/load_tests", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let mut header_map = ::reqwest::header::HeaderMap::new();
                header_map.append("Content-Type", content_type.to_string().try_into()?);
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .header(
                        ::reqwest::header::CONTENT_TYPE,
                        ::reqwest::header::HeaderValue::from_static(
                            "application/octet-stream",
                        ),
                    )
                    .body(body)
                    .headers(header_map)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Create a project.

From [`Client::create_project`](crate::Client::create_project). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct CreateProject {
        client: super::Client,
        body: types::CreateProject,
    }
    impl CreateProject {
        #[inline]
        pub(crate) fn new(client: super::Client, body: types::CreateProject) -> Self {
            Self { client, body }
        }
        /**Sends the request.

Returns a [`Project`](crate::types::Project).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Conflict`](crate::ErrorKind::Conflict) (409): Another project has the name, or there are 1000 projects already.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::Project, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::Project>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::CreateProject) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for CreateProject {
        type Output = ::std::result::Result<types::Project, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::Project>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for CreateProject {
        type Output = types::Project;
        type Reader = crate::operation::Json<types::Project>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "create_project",
            method: "POST",
            path: "/cloud/v6/projects",
            success: 201u16..=201u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, body } = self;
            let make = || {
                let url = format!("{}/cloud/v6/projects", client.baseurl,);
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Deactivate a schedule.

From [`Client::deactivate_schedule`](crate::Client::deactivate_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeactivateSchedule {
        client: super::Client,
        id: crate::generated::ids::ScheduleId,
    }
    impl DeactivateSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ScheduleId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeactivateSchedule {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeactivateSchedule {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "deactivate_schedule",
            method: "POST",
            path: "/cloud/v6/schedules/{id}/deactivate",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/schedules/{}/deactivate", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Delete a label key.

From [`Client::delete_label_key`](crate::Client::delete_label_key). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteLabelKey {
        client: super::Client,
        id: crate::generated::ids::LabelKeyId,
    }
    impl DeleteLabelKey {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LabelKeyId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): No label key has this id.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteLabelKey {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteLabelKey {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_label_key",
            method: "DELETE",
            path: "/cloud/v6/labels/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/labels/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Delete a load test.

From [`Client::delete_load_test`](crate::Client::delete_load_test). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteLoadTest {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
    }
    impl DeleteLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The load test cannot be deleted in its current state.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteLoadTest {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteLoadTest {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_load_test",
            method: "DELETE",
            path: "/cloud/v6/load_tests/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Delete a project.

From [`Client::delete_project`](crate::Client::delete_project). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteProject {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
    }
    impl DeleteProject {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): A load test of the project has a run in progress.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteProject {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteProject {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_project",
            method: "DELETE",
            path: "/cloud/v6/projects/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Remove a label from a project.

From [`Client::delete_project_label`](crate::Client::delete_project_label). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteProjectLabel {
        client: super::Client,
        project_id: crate::generated::ids::ProjectId,
        key: ::std::string::String,
    }
    impl DeleteProjectLabel {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            project_id: crate::generated::ids::ProjectId,
            key: ::std::string::String,
        ) -> Self {
            Self { client, project_id, key }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The project does not exist, or it has no label with this key.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteProjectLabel {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteProjectLabel {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_project_label",
            method: "DELETE",
            path: "/cloud/v6/projects/{project_id}/labels/{key}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, project_id, key } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/labels/{}", client.baseurl, crate
                    ::wire::PathValue(& project_id), crate ::wire::PathValue(& key),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Delete a schedule.

From [`Client::delete_schedule`](crate::Client::delete_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteSchedule {
        client: super::Client,
        id: crate::generated::ids::ScheduleId,
    }
    impl DeleteSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ScheduleId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteSchedule {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteSchedule {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_schedule",
            method: "DELETE",
            path: "/cloud/v6/schedules/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/schedules/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Delete a test run.

From [`Client::delete_test_run`](crate::Client::delete_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct DeleteTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl DeleteTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The run is in progress and cannot be deleted.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for DeleteTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for DeleteTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "delete_test_run",
            method: "DELETE",
            path: "/cloud/v6/test_runs/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.delete(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get a load test.

From [`Client::get_load_test`](crate::Client::get_load_test). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetLoadTest {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
    }
    impl GetLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`LoadTest`](crate::types::LoadTest).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::LoadTest, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::LoadTest>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetLoadTest {
        type Output = ::std::result::Result<types::LoadTest, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LoadTest>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetLoadTest {
        type Output = types::LoadTest;
        type Reader = crate::operation::Json<types::LoadTest>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_load_test",
            method: "GET",
            path: "/cloud/v6/load_tests/{id}",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get the schedule of a load test.

From [`Client::get_load_test_schedule`](crate::Client::get_load_test_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetLoadTestSchedule {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
    }
    impl GetLoadTestSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`Schedule`](crate::types::Schedule).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::Schedule, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::Schedule>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetLoadTestSchedule {
        type Output = ::std::result::Result<types::Schedule, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::Schedule>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetLoadTestSchedule {
        type Output = types::Schedule;
        type Reader = crate::operation::Json<types::Schedule>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_load_test_schedule",
            method: "GET",
            path: "/cloud/v6/load_tests/{id}/schedule",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/schedule", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    ///The bare request of a call that is written by hand.
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub(crate) struct GetLoadTestScript {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        accept: ::std::option::Option<::std::string::String>,
    }
    impl GetLoadTestScript {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self {
                client,
                id,
                accept: ::std::option::Option::None,
            }
        }
        /**Content type: `application/x-tar` or `text/javascript`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn accept(
            mut self,
            accept: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.accept = crate::wire::IntoOption::into_option(accept);
            self
        }
    }
    impl crate::operation::Operation for GetLoadTestScript {
        type Output = ByteStream;
        type Reader = crate::operation::Bytes;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_load_test_script",
            method: "GET",
            path: "/cloud/v6/load_tests/{id}/script",
            success: 200u16..=200u16,
            streamed: true,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, accept } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/script", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let mut header_map = ::reqwest::header::HeaderMap::new();
                if let Some(value) = accept {
                    header_map.append("Accept", value.to_string().try_into()?);
                }
                let request = client.client.get(url).headers(header_map).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get a project.

From [`Client::get_project`](crate::Client::get_project). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetProject {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
    }
    impl GetProject {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`Project`](crate::types::Project).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::Project, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::Project>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetProject {
        type Output = ::std::result::Result<types::Project, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::Project>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetProject {
        type Output = types::Project;
        type Reader = crate::operation::Json<types::Project>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_project",
            method: "GET",
            path: "/cloud/v6/projects/{id}",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get the limits of a project.

From [`Client::get_project_limits`](crate::Client::get_project_limits). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetProjectLimits {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
    }
    impl GetProjectLimits {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`ProjectLimits`](crate::types::ProjectLimits).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ProjectLimits, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::ProjectLimits>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetProjectLimits {
        type Output = ::std::result::Result<types::ProjectLimits, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::ProjectLimits>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetProjectLimits {
        type Output = types::ProjectLimits;
        type Reader = crate::operation::Json<types::ProjectLimits>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_project_limits",
            method: "GET",
            path: "/cloud/v6/projects/{id}/limits",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/limits", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get a schedule.

From [`Client::get_schedule`](crate::Client::get_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetSchedule {
        client: super::Client,
        id: crate::generated::ids::ScheduleId,
    }
    impl GetSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ScheduleId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`Schedule`](crate::types::Schedule).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::Schedule, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::Schedule>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetSchedule {
        type Output = ::std::result::Result<types::Schedule, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::Schedule>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetSchedule {
        type Output = types::Schedule;
        type Reader = crate::operation::Json<types::Schedule>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_schedule",
            method: "GET",
            path: "/cloud/v6/schedules/{id}",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/schedules/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get a test run.

From [`Client::get_test_run`](crate::Client::get_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl GetTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`TestRun`](crate::types::TestRun).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::TestRun, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::TestRun>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetTestRun {
        type Output = ::std::result::Result<types::TestRun, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::TestRun>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetTestRun {
        type Output = types::TestRun;
        type Reader = crate::operation::Json<types::TestRun>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_test_run",
            method: "GET",
            path: "/cloud/v6/test_runs/{id}",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Get the distribution of a test run.

From [`Client::get_test_run_distribution`](crate::Client::get_test_run_distribution). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct GetTestRunDistribution {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl GetTestRunDistribution {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns a [`TestRunDistribution`](crate::types::TestRunDistribution).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The run does not exist, or it has no distribution data.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::TestRunDistribution, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::TestRunDistribution>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for GetTestRunDistribution {
        type Output = ::std::result::Result<types::TestRunDistribution, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::TestRunDistribution>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for GetTestRunDistribution {
        type Output = types::TestRunDistribution;
        type Reader = crate::operation::Json<types::TestRunDistribution>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_test_run_distribution",
            method: "GET",
            path: "/cloud/v6/test_runs/{id}/distribution",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/distribution", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    ///The bare request of a call that is written by hand.
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub(crate) struct GetTestRunScript {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
        accept: ::std::option::Option<::std::string::String>,
    }
    impl GetTestRunScript {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self {
                client,
                id,
                accept: ::std::option::Option::None,
            }
        }
        /**Content type: `application/x-tar` or `text/javascript`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn accept(
            mut self,
            accept: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.accept = crate::wire::IntoOption::into_option(accept);
            self
        }
    }
    impl crate::operation::Operation for GetTestRunScript {
        type Output = ByteStream;
        type Reader = crate::operation::Bytes;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "get_test_run_script",
            method: "GET",
            path: "/cloud/v6/test_runs/{id}/script",
            success: 200u16..=200u16,
            streamed: true,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, accept } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/script", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let mut header_map = ::reqwest::header::HeaderMap::new();
                if let Some(value) = accept {
                    header_map.append("Accept", value.to_string().try_into()?);
                }
                let request = client.client.get(url).headers(header_map).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**List the label keys of the organization.

From [`Client::list_label_keys`](crate::Client::list_label_keys). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListLabelKeys {
        client: super::Client,
    }
    impl ListLabelKeys {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self { client }
        }
        /**Returns the rows as a stream. The list comes whole, in one response.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_label_keys().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::LabelKeyResponse> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::LabelKeyResponse> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<
            ::std::vec::Vec<types::LabelKeyResponse>,
            crate::Error,
        > {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

Returns the whole list. `stream()` yields every [`LabelKeyResponse`](crate::types::LabelKeyResponse).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LabelKeyListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::LabelKeyListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for ListLabelKeys {
        type Output = ::std::result::Result<types::LabelKeyListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LabelKeyListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListLabelKeys {
        type Output = types::LabelKeyListResponse;
        type Reader = crate::operation::Json<types::LabelKeyListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_label_keys",
            method: "GET",
            path: "/cloud/v6/labels",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client } = self;
            let make = || {
                let url = format!("{}/cloud/v6/labels", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListLabelKeys {
        const KEY: ::std::option::Option<&'static str> = None;
        type Item = types::LabelKeyResponse;
        type Filters = ();
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client } = self;
            (
                client,
                crate::operation::Window {
                    skip: None,
                    top: None,
                },
                (),
            )
        }
        #[inline]
        fn page(client: super::Client, (): Self::Filters, skip: i64, top: i64) -> Self {
            let _ = (skip, top);
            ListLabelKeys { client }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: None,
                next_link: None,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            let _ = row;
            None
        }
    }
    /**List the runs of a load test.

From [`Client::list_load_test_runs`](crate::Client::list_load_test_runs). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListLoadTestRuns {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        count: ::std::option::Option<bool>,
        orderby: ::std::option::Option<::std::string::String>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        created_after: ::std::option::Option<crate::wire::Timestamp>,
        created_before: ::std::option::Option<crate::wire::Timestamp>,
        is_starred: ::std::option::Option<bool>,
    }
    impl ListLoadTestRuns {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self {
                client,
                id,
                count: ::std::option::Option::None,
                orderby: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                created_after: ::std::option::Option::None,
                created_before: ::std::option::Option::None,
                is_starred: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_test_runs(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::TestRun> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::TestRun> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::TestRun>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`TestRun`](crate::types::TestRun).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::TestRunListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::TestRunListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Fields to sort by, separated by commas; the only one is `created`. It is ascending unless ` desc` follows, as in `created desc`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn orderby(
            mut self,
            orderby: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.orderby = crate::wire::IntoOption::into_option(orderby);
            self
        }
        /**Index of the first run to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        /**Returns only runs created at this time or later.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn created_after(
            mut self,
            created_after: impl crate::wire::IntoOption<crate::wire::Timestamp>,
        ) -> Self {
            self.created_after = crate::wire::IntoOption::into_option(created_after);
            self
        }
        /**Returns only runs created earlier than this time. A run created exactly then is left out.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn created_before(
            mut self,
            created_before: impl crate::wire::IntoOption<crate::wire::Timestamp>,
        ) -> Self {
            self.created_before = crate::wire::IntoOption::into_option(created_before);
            self
        }
        /**With `true`, returns only runs with a star; with `false`, only runs without one. By default, returns both.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn is_starred(
            mut self,
            is_starred: impl crate::wire::IntoOption<bool>,
        ) -> Self {
            self.is_starred = crate::wire::IntoOption::into_option(is_starred);
            self
        }
    }
    impl ::std::future::IntoFuture for ListLoadTestRuns {
        type Output = ::std::result::Result<types::TestRunListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::TestRunListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListLoadTestRuns {
        type Output = types::TestRunListResponse;
        type Reader = crate::operation::Json<types::TestRunListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_load_test_runs",
            method: "GET",
            path: "/cloud/v6/load_tests/{id}/test_runs",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self {
                client,
                id,
                count,
                orderby,
                skip,
                top,
                created_after,
                created_before,
                is_starred,
            } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/test_runs", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$orderby", &orderby))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "created_after",
                            &created_after,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "created_before",
                            &created_before,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new("is_starred", &is_starred),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListLoadTestRuns {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::TestRun;
        type Filters = (
            crate::generated::ids::LoadTestId,
            ::std::option::Option<::std::string::String>,
            ::std::option::Option<crate::wire::Timestamp>,
            ::std::option::Option<crate::wire::Timestamp>,
            ::std::option::Option<bool>,
        );
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self {
                client,
                count: _,
                skip,
                top,
                id,
                orderby,
                created_after,
                created_before,
                is_starred,
            } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (id, orderby, created_after, created_before, is_starred),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (id, orderby, created_after, created_before, is_starred): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListLoadTestRuns {
                client,
                count,
                skip,
                top,
                id,
                orderby,
                created_after,
                created_before,
                is_starred,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**List all load tests.

From [`Client::list_load_tests`](crate::Client::list_load_tests). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListLoadTests {
        client: super::Client,
        count: ::std::option::Option<bool>,
        orderby: ::std::option::Option<::std::string::String>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        name: ::std::option::Option<::std::string::String>,
    }
    impl ListLoadTests {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                count: ::std::option::Option::None,
                orderby: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                name: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_tests().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::LoadTest> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::LoadTest> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::LoadTest>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`LoadTest`](crate::types::LoadTest).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LoadTestListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::LoadTestListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Fields to sort by, separated by commas: `id`, `project_id`, `name`, `created`, `updated`. Each is ascending unless ` desc` follows, as in `created desc`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn orderby(
            mut self,
            orderby: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.orderby = crate::wire::IntoOption::into_option(orderby);
            self
        }
        /**Index of the first load test to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        /**Returns only load tests with exactly this name.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn name(
            mut self,
            name: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.name = crate::wire::IntoOption::into_option(name);
            self
        }
    }
    impl ::std::future::IntoFuture for ListLoadTests {
        type Output = ::std::result::Result<types::LoadTestListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LoadTestListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListLoadTests {
        type Output = types::LoadTestListResponse;
        type Reader = crate::operation::Json<types::LoadTestListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_load_tests",
            method: "GET",
            path: "/cloud/v6/load_tests",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, count, orderby, skip, top, name } = self;
            let make = || {
                let url = format!("{}/cloud/v6/load_tests", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$orderby", &orderby))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(&progenitor_client::QueryParam::new("name", &name))
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListLoadTests {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::LoadTest;
        type Filters = (
            ::std::option::Option<::std::string::String>,
            ::std::option::Option<::std::string::String>,
        );
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top, orderby, name } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (orderby, name),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (orderby, name): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListLoadTests {
                client,
                count,
                skip,
                top,
                orderby,
                name,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**List the projects that may use a private load zone.

From [`Client::list_load_zone_allowed_projects`](crate::Client::list_load_zone_allowed_projects). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListLoadZoneAllowedProjects {
        client: super::Client,
        id: crate::generated::ids::LoadZoneId,
    }
    impl ListLoadZoneAllowedProjects {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadZoneId,
        ) -> Self {
            Self { client, id }
        }
        /**Returns the rows as a stream. The list comes whole, in one response.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_zone_allowed_projects(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::AllowedProject> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::AllowedProject> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<
            ::std::vec::Vec<types::AllowedProject>,
            crate::Error,
        > {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

Returns the whole list. `stream()` yields every [`AllowedProject`](crate::types::AllowedProject).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::AllowedProjectsList, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::AllowedProjectsList>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for ListLoadZoneAllowedProjects {
        type Output = ::std::result::Result<types::AllowedProjectsList, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::AllowedProjectsList>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListLoadZoneAllowedProjects {
        type Output = types::AllowedProjectsList;
        type Reader = crate::operation::Json<types::AllowedProjectsList>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_load_zone_allowed_projects",
            method: "GET",
            path: "/cloud/v6/load_zones/{id}/allowed_projects",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_zones/{}/allowed_projects", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListLoadZoneAllowedProjects {
        const KEY: ::std::option::Option<&'static str> = None;
        type Item = types::AllowedProject;
        type Filters = (crate::generated::ids::LoadZoneId,);
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, id } = self;
            (
                client,
                crate::operation::Window {
                    skip: None,
                    top: None,
                },
                (id,),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (id,): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let _ = (skip, top);
            ListLoadZoneAllowedProjects {
                client,
                id,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: None,
                next_link: None,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            let _ = row;
            None
        }
    }
    /**List load zones.

From [`Client::list_load_zones`](crate::Client::list_load_zones). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListLoadZones {
        client: super::Client,
        k6_load_zone_id: ::std::option::Option<::std::string::String>,
    }
    impl ListLoadZones {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                k6_load_zone_id: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream. The list comes whole, in one response.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_zones().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::LoadZone> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::LoadZone> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::LoadZone>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

Returns the whole list. `stream()` yields every [`LoadZone`](crate::types::LoadZone).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LoadZonesList, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::LoadZonesList>, crate::Error> {
            crate::ext::response(self).await
        }
        /**Returns only the load zone with exactly this identifier, as scripts use it, for example `amazon:de:frankfurt`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn k6_load_zone_id(
            mut self,
            k6_load_zone_id: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.k6_load_zone_id = crate::wire::IntoOption::into_option(k6_load_zone_id);
            self
        }
    }
    impl ::std::future::IntoFuture for ListLoadZones {
        type Output = ::std::result::Result<types::LoadZonesList, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LoadZonesList>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListLoadZones {
        type Output = types::LoadZonesList;
        type Reader = crate::operation::Json<types::LoadZonesList>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_load_zones",
            method: "GET",
            path: "/cloud/v6/load_zones",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, k6_load_zone_id } = self;
            let make = || {
                let url = format!("{}/cloud/v6/load_zones", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "k6_load_zone_id",
                            &k6_load_zone_id,
                        ),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListLoadZones {
        const KEY: ::std::option::Option<&'static str> = None;
        type Item = types::LoadZone;
        type Filters = (::std::option::Option<::std::string::String>,);
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, k6_load_zone_id } = self;
            (
                client,
                crate::operation::Window {
                    skip: None,
                    top: None,
                },
                (k6_load_zone_id,),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (k6_load_zone_id,): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let _ = (skip, top);
            ListLoadZones {
                client,
                k6_load_zone_id,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: None,
                next_link: None,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            let _ = row;
            None
        }
    }
    /**List the private load zones that a project may use.

From [`Client::list_project_allowed_load_zones`](crate::Client::list_project_allowed_load_zones). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListProjectAllowedLoadZones {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
    }
    impl ListProjectAllowedLoadZones {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self { client, id }
        }
        /**Returns the rows as a stream. The list comes whole, in one response.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_allowed_load_zones(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::AllowedLoadZone> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::AllowedLoadZone> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<
            ::std::vec::Vec<types::AllowedLoadZone>,
            crate::Error,
        > {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

Returns the whole list. `stream()` yields every [`AllowedLoadZone`](crate::types::AllowedLoadZone).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::AllowedLoadZonesList, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::AllowedLoadZonesList>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for ListProjectAllowedLoadZones {
        type Output = ::std::result::Result<types::AllowedLoadZonesList, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::AllowedLoadZonesList>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListProjectAllowedLoadZones {
        type Output = types::AllowedLoadZonesList;
        type Reader = crate::operation::Json<types::AllowedLoadZonesList>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_project_allowed_load_zones",
            method: "GET",
            path: "/cloud/v6/projects/{id}/allowed_load_zones",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/allowed_load_zones", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListProjectAllowedLoadZones {
        const KEY: ::std::option::Option<&'static str> = None;
        type Item = types::AllowedLoadZone;
        type Filters = (crate::generated::ids::ProjectId,);
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, id } = self;
            (
                client,
                crate::operation::Window {
                    skip: None,
                    top: None,
                },
                (id,),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (id,): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let _ = (skip, top);
            ListProjectAllowedLoadZones {
                client,
                id,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: None,
                next_link: None,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            let _ = row;
            None
        }
    }
    /**List the labels of a project.

From [`Client::list_project_labels`](crate::Client::list_project_labels). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListProjectLabels {
        client: super::Client,
        project_id: crate::generated::ids::ProjectId,
    }
    impl ListProjectLabels {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            project_id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self { client, project_id }
        }
        /**Returns the rows as a stream. The list comes whole, in one response.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_labels(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::ProjectLabelItem> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::ProjectLabelItem> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<
            ::std::vec::Vec<types::ProjectLabelItem>,
            crate::Error,
        > {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

Returns the whole list. `stream()` yields every [`ProjectLabelItem`](crate::types::ProjectLabelItem).

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ProjectLabelListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ProjectLabelListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for ListProjectLabels {
        type Output = ::std::result::Result<
            types::ProjectLabelListResponse,
            crate::Error,
        >;
        type IntoFuture = crate::ext::Sending<types::ProjectLabelListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListProjectLabels {
        type Output = types::ProjectLabelListResponse;
        type Reader = crate::operation::Json<types::ProjectLabelListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_project_labels",
            method: "GET",
            path: "/cloud/v6/projects/{project_id}/labels",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, project_id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/labels", client.baseurl, crate
                    ::wire::PathValue(& project_id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListProjectLabels {
        const KEY: ::std::option::Option<&'static str> = None;
        type Item = types::ProjectLabelItem;
        type Filters = (crate::generated::ids::ProjectId,);
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, project_id } = self;
            (
                client,
                crate::operation::Window {
                    skip: None,
                    top: None,
                },
                (project_id,),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (project_id,): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let _ = (skip, top);
            ListProjectLabels {
                client,
                project_id,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: None,
                next_link: None,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            let _ = row;
            None
        }
    }
    /**List the limits of all projects.

From [`Client::list_project_limits`](crate::Client::list_project_limits). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListProjectLimits {
        client: super::Client,
        count: ::std::option::Option<bool>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        project_id_in: ::std::option::Option<crate::wire::CommaSeparated>,
    }
    impl ListProjectLimits {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                count: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                project_id_in: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_limits().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::ProjectLimits> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::ProjectLimits> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::ProjectLimits>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`ProjectLimits`](crate::types::ProjectLimits).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ProjectLimitsListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ProjectLimitsListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Index of the first entry to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        ///Returns only the limits of these projects: up to 30 ids, separated by commas in one value, as in `5560,5561`.
        #[inline]
        pub fn project_id_in(
            mut self,
            project_id_in: impl ::std::iter::IntoIterator<
                Item = impl ::std::convert::Into<types::ProjectId>,
            >,
        ) -> Self {
            self.project_id_in = ::std::option::Option::Some(
                project_id_in
                    .into_iter()
                    .map(::std::convert::Into::<types::ProjectId>::into)
                    .collect(),
            );
            self
        }
        ///Leaves out what [`project_id_in`](Self::project_id_in) sets, as if it had not been called.
        #[inline]
        pub fn clear_project_id_in(mut self) -> Self {
            self.project_id_in = ::std::default::Default::default();
            self
        }
    }
    impl ::std::future::IntoFuture for ListProjectLimits {
        type Output = ::std::result::Result<
            types::ProjectLimitsListResponse,
            crate::Error,
        >;
        type IntoFuture = crate::ext::Sending<types::ProjectLimitsListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListProjectLimits {
        type Output = types::ProjectLimitsListResponse;
        type Reader = crate::operation::Json<types::ProjectLimitsListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_project_limits",
            method: "GET",
            path: "/cloud/v6/project-limits",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, count, skip, top, project_id_in } = self;
            let make = || {
                let url = format!("{}/cloud/v6/project-limits", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "project_id_in",
                            &project_id_in,
                        ),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListProjectLimits {
        const KEY: ::std::option::Option<&'static str> = Some("project_id");
        type Item = types::ProjectLimits;
        type Filters = (::std::option::Option<crate::wire::CommaSeparated>,);
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top, project_id_in } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (project_id_in,),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (project_id_in,): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListProjectLimits {
                client,
                count,
                skip,
                top,
                project_id_in,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.project_id.get())
        }
    }
    /**List the load tests of a project.

From [`Client::list_project_load_tests`](crate::Client::list_project_load_tests). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListProjectLoadTests {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
        count: ::std::option::Option<bool>,
        orderby: ::std::option::Option<::std::string::String>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        name: ::std::option::Option<::std::string::String>,
    }
    impl ListProjectLoadTests {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
        ) -> Self {
            Self {
                client,
                id,
                count: ::std::option::Option::None,
                orderby: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                name: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_load_tests(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::LoadTest> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::LoadTest> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::LoadTest>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`LoadTest`](crate::types::LoadTest).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LoadTestListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::LoadTestListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Fields to sort by, separated by commas: `id`, `project_id`, `name`, `created`, `updated`. Each is ascending unless ` desc` follows, as in `created desc`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn orderby(
            mut self,
            orderby: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.orderby = crate::wire::IntoOption::into_option(orderby);
            self
        }
        /**Index of the first load test to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        /**Returns only load tests with exactly this name.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn name(
            mut self,
            name: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.name = crate::wire::IntoOption::into_option(name);
            self
        }
    }
    impl ::std::future::IntoFuture for ListProjectLoadTests {
        type Output = ::std::result::Result<types::LoadTestListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LoadTestListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListProjectLoadTests {
        type Output = types::LoadTestListResponse;
        type Reader = crate::operation::Json<types::LoadTestListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_project_load_tests",
            method: "GET",
            path: "/cloud/v6/projects/{id}/load_tests",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, count, orderby, skip, top, name } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/load_tests", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$orderby", &orderby))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(&progenitor_client::QueryParam::new("name", &name))
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListProjectLoadTests {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::LoadTest;
        type Filters = (
            crate::generated::ids::ProjectId,
            ::std::option::Option<::std::string::String>,
            ::std::option::Option<::std::string::String>,
        );
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top, id, orderby, name } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (id, orderby, name),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (id, orderby, name): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListProjectLoadTests {
                client,
                count,
                skip,
                top,
                id,
                orderby,
                name,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**List projects.

From [`Client::list_projects`](crate::Client::list_projects). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListProjects {
        client: super::Client,
        count: ::std::option::Option<bool>,
        orderby: ::std::option::Option<::std::string::String>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        name: ::std::option::Option<::std::string::String>,
        name_search: ::std::option::Option<::std::string::String>,
    }
    impl ListProjects {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                count: ::std::option::Option::None,
                orderby: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                name: ::std::option::Option::None,
                name_search: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_projects().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::Project> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::Project> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::Project>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`Project`](crate::types::Project).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ProjectListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ProjectListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Fields to sort by, separated by commas: `created`, `name`. Each is ascending unless ` desc` follows, as in `created desc`.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn orderby(
            mut self,
            orderby: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.orderby = crate::wire::IntoOption::into_option(orderby);
            self
        }
        /**Index of the first project to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        /**Returns only the project with exactly this name, of up to 255 characters.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn name(
            mut self,
            name: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.name = crate::wire::IntoOption::into_option(name);
            self
        }
        /**Returns only projects whose name matches this search text, of up to 255 characters.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn name_search(
            mut self,
            name_search: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.name_search = crate::wire::IntoOption::into_option(name_search);
            self
        }
    }
    impl ::std::future::IntoFuture for ListProjects {
        type Output = ::std::result::Result<types::ProjectListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::ProjectListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListProjects {
        type Output = types::ProjectListResponse;
        type Reader = crate::operation::Json<types::ProjectListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_projects",
            method: "GET",
            path: "/cloud/v6/projects",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, count, orderby, skip, top, name, name_search } = self;
            let make = || {
                let url = format!("{}/cloud/v6/projects", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$orderby", &orderby))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(&progenitor_client::QueryParam::new("name", &name))
                    .query(
                        &progenitor_client::QueryParam::new("name_search", &name_search),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListProjects {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::Project;
        type Filters = (
            ::std::option::Option<::std::string::String>,
            ::std::option::Option<::std::string::String>,
            ::std::option::Option<::std::string::String>,
        );
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top, orderby, name, name_search } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (orderby, name, name_search),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (orderby, name, name_search): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListProjects {
                client,
                count,
                skip,
                top,
                orderby,
                name,
                name_search,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**List all schedules.

From [`Client::list_schedules`](crate::Client::list_schedules). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListSchedules {
        client: super::Client,
        count: ::std::option::Option<bool>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
    }
    impl ListSchedules {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                count: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_schedules().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::Schedule> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::Schedule> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::Schedule>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`Schedule`](crate::types::Schedule).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ScheduleListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ScheduleListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Index of the first schedule to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
    }
    impl ::std::future::IntoFuture for ListSchedules {
        type Output = ::std::result::Result<types::ScheduleListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::ScheduleListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListSchedules {
        type Output = types::ScheduleListResponse;
        type Reader = crate::operation::Json<types::ScheduleListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_schedules",
            method: "GET",
            path: "/cloud/v6/schedules",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, count, skip, top } = self;
            let make = || {
                let url = format!("{}/cloud/v6/schedules", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListSchedules {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::Schedule;
        type Filters = ();
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (),
            )
        }
        #[inline]
        fn page(client: super::Client, (): Self::Filters, skip: i64, top: i64) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListSchedules {
                client,
                count,
                skip,
                top,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**List all test runs.

From [`Client::list_test_runs`](crate::Client::list_test_runs). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ListTestRuns {
        client: super::Client,
        count: ::std::option::Option<bool>,
        skip: ::std::option::Option<i64>,
        top: ::std::option::Option<i64>,
        created_after: ::std::option::Option<crate::wire::Timestamp>,
        created_before: ::std::option::Option<crate::wire::Timestamp>,
    }
    impl ListTestRuns {
        #[inline]
        pub(crate) fn new(client: super::Client) -> Self {
            Self {
                client,
                count: ::std::option::Option::None,
                skip: ::std::option::Option::None,
                top: ::std::option::Option::None,
                created_after: ::std::option::Option::None,
                created_before: ::std::option::Option::None,
            }
        }
        /**Returns the rows as a stream, which requests a page when it needs one.

Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows that come and go while the list is read, that cannot be read, or that are missing.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_test_runs().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```*/
        #[inline]
        pub fn stream(self) -> crate::RowStream<types::TestRun> {
            crate::ext::stream(self)
        }
        ///Returns the pages as a stream; otherwise like [`stream`](Self::stream).
        #[inline]
        pub fn pages(self) -> crate::PageStream<types::TestRun> {
            crate::ext::pages(self)
        }
        /**Returns all rows, if there are at most `cap`.

# Errors

[`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or rows are missing, and those of [`send`](Self::send).*/
        #[inline]
        pub async fn collect_all(
            self,
            cap: usize,
        ) -> ::std::result::Result<::std::vec::Vec<types::TestRun>, crate::Error> {
            crate::ext::pages(self).collect_all(cap).await
        }
        /**Sends the request.

`stream()` reads the list over all pages, and yields every [`TestRun`](crate::types::TestRun).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::TestRunListResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::TestRunListResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        /**Sets whether the page has the number of rows in the whole list.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn count(mut self, count: impl crate::wire::IntoOption<bool>) -> Self {
            self.count = crate::wire::IntoOption::into_option(count);
            self
        }
        /**Index of the first run to return, from 0.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn skip(mut self, skip: impl crate::wire::IntoOption<i64>) -> Self {
            self.skip = crate::wire::IntoOption::into_option(skip);
            self
        }
        /**Number of entries on a page: 1000 by default and at most.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn top(mut self, top: impl crate::wire::IntoOption<i64>) -> Self {
            self.top = crate::wire::IntoOption::into_option(top);
            self
        }
        /**Returns only runs created at this time or later.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn created_after(
            mut self,
            created_after: impl crate::wire::IntoOption<crate::wire::Timestamp>,
        ) -> Self {
            self.created_after = crate::wire::IntoOption::into_option(created_after);
            self
        }
        /**Returns only runs created earlier than this time. A run created exactly then is left out.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn created_before(
            mut self,
            created_before: impl crate::wire::IntoOption<crate::wire::Timestamp>,
        ) -> Self {
            self.created_before = crate::wire::IntoOption::into_option(created_before);
            self
        }
    }
    impl ::std::future::IntoFuture for ListTestRuns {
        type Output = ::std::result::Result<types::TestRunListResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::TestRunListResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ListTestRuns {
        type Output = types::TestRunListResponse;
        type Reader = crate::operation::Json<types::TestRunListResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "list_test_runs",
            method: "GET",
            path: "/cloud/v6/test_runs",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, count, skip, top, created_after, created_before } = self;
            let make = || {
                let url = format!("{}/cloud/v6/test_runs", client.baseurl,);
                let request = client
                    .client
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("$count", &count))
                    .query(&progenitor_client::QueryParam::new("$skip", &skip))
                    .query(&progenitor_client::QueryParam::new("$top", &top))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "created_after",
                            &created_after,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "created_before",
                            &created_before,
                        ),
                    )
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    impl crate::operation::ListOperation for ListTestRuns {
        const KEY: ::std::option::Option<&'static str> = Some("id");
        type Item = types::TestRun;
        type Filters = (
            ::std::option::Option<crate::wire::Timestamp>,
            ::std::option::Option<crate::wire::Timestamp>,
        );
        #[inline]
        fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
            let Self { client, count: _, skip, top, created_after, created_before } = self;
            (
                client,
                crate::operation::Window {
                    skip,
                    top,
                },
                (created_after, created_before),
            )
        }
        #[inline]
        fn page(
            client: super::Client,
            (created_after, created_before): Self::Filters,
            skip: i64,
            top: i64,
        ) -> Self {
            let (count, skip, top) = (Some(true), Some(skip), Some(top));
            ListTestRuns {
                client,
                count,
                skip,
                top,
                created_after,
                created_before,
            }
        }
        #[inline]
        fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
            crate::operation::RawPage {
                rows: page.value,
                count: page.count,
                next_link: page.next_link,
            }
        }
        #[inline]
        fn key(row: &Self::Item) -> Option<i64> {
            Some(row.id.get())
        }
    }
    /**Move a load test to another project.

From [`Client::move_load_test`](crate::Client::move_load_test). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct MoveLoadTest {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        body: types::MoveLoadTest,
    }
    impl MoveLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
            body: types::MoveLoadTest,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The load test cannot be moved: for example, a load test in the project has the same name.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::MoveLoadTest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for MoveLoadTest {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for MoveLoadTest {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "move_load_test",
            method: "PUT",
            path: "/cloud/v6/load_tests/{id}/move",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/move", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.put(url).json(&body).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Set the projects that may use a private load zone.

From [`Client::replace_load_zone_allowed_projects`](crate::Client::replace_load_zone_allowed_projects). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ReplaceLoadZoneAllowedProjects {
        client: super::Client,
        id: crate::generated::ids::LoadZoneId,
        body: types::UpdateAllowedProjectsList,
    }
    impl ReplaceLoadZoneAllowedProjects {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadZoneId,
            body: types::UpdateAllowedProjectsList,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns a [`AllowedProjectsList`](crate::types::AllowedProjectsList).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::AllowedProjectsList, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::AllowedProjectsList>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::UpdateAllowedProjectsList) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for ReplaceLoadZoneAllowedProjects {
        type Output = ::std::result::Result<types::AllowedProjectsList, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::AllowedProjectsList>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ReplaceLoadZoneAllowedProjects {
        type Output = types::AllowedProjectsList;
        type Reader = crate::operation::Json<types::AllowedProjectsList>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "replace_load_zone_allowed_projects",
            method: "PUT",
            path: "/cloud/v6/load_zones/{id}/allowed_projects",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_zones/{}/allowed_projects", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .put(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Set the private load zones that a project may use.

From [`Client::replace_project_allowed_load_zones`](crate::Client::replace_project_allowed_load_zones). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ReplaceProjectAllowedLoadZones {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
        body: types::UpdateAllowedLoadZonesList,
    }
    impl ReplaceProjectAllowedLoadZones {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
            body: types::UpdateAllowedLoadZonesList,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns a [`AllowedLoadZonesList`](crate::types::AllowedLoadZonesList).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::AllowedLoadZonesList, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::AllowedLoadZonesList>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::UpdateAllowedLoadZonesList) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for ReplaceProjectAllowedLoadZones {
        type Output = ::std::result::Result<types::AllowedLoadZonesList, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::AllowedLoadZonesList>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ReplaceProjectAllowedLoadZones {
        type Output = types::AllowedLoadZonesList;
        type Reader = crate::operation::Json<types::AllowedLoadZonesList>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "replace_project_allowed_load_zones",
            method: "PUT",
            path: "/cloud/v6/projects/{id}/allowed_load_zones",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/allowed_load_zones", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .put(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Set the labels of a project.

From [`Client::replace_project_labels`](crate::Client::replace_project_labels). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ReplaceProjectLabels {
        client: super::Client,
        project_id: crate::generated::ids::ProjectId,
        body: types::ProjectLabelPutRequest,
    }
    impl ReplaceProjectLabels {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            project_id: crate::generated::ids::ProjectId,
            body: types::ProjectLabelPutRequest,
        ) -> Self {
            Self { client, project_id, body }
        }
        /**Sends the request.

Returns a [`ProjectLabelPutResponse`](crate::types::ProjectLabelPutResponse).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): A label does not have the required form, its key does not exist, or a key is repeated.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The project does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The organization would have more than 500 different pairs of key and value.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ProjectLabelPutResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ProjectLabelPutResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::ProjectLabelPutRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for ReplaceProjectLabels {
        type Output = ::std::result::Result<
            types::ProjectLabelPutResponse,
            crate::Error,
        >;
        type IntoFuture = crate::ext::Sending<types::ProjectLabelPutResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ReplaceProjectLabels {
        type Output = types::ProjectLabelPutResponse;
        type Reader = crate::operation::Json<types::ProjectLabelPutResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "replace_project_labels",
            method: "PUT",
            path: "/cloud/v6/projects/{project_id}/labels",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, project_id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/labels", client.baseurl, crate
                    ::wire::PathValue(& project_id),
                );
                let request = client
                    .client
                    .put(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Save the results of a test run.

From [`Client::save_test_run`](crate::Client::save_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct SaveTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl SaveTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The results are deleted already, or the maximum number of runs is saved. The code is `conflict` in both cases.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for SaveTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for SaveTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "save_test_run",
            method: "POST",
            path: "/cloud/v6/test_runs/{id}/save",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/save", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Set the schedule of a load test.

From [`Client::set_load_test_schedule`](crate::Client::set_load_test_schedule). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct SetLoadTestSchedule {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        body: types::CreateScheduleRequest,
    }
    impl SetLoadTestSchedule {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
            body: types::CreateScheduleRequest,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns a [`Schedule`](crate::types::Schedule).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<types::Schedule, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<types::Schedule>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Cron expression for repeated runs; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn cron(
            mut self,
            cron: impl crate::wire::IntoOption<types::ScheduleCron>,
        ) -> Self {
            self.body = self.body.cron(cron);
            self
        }
        ///Rule for repeated runs; null or left out for none.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn recurrence_rule(
            mut self,
            recurrence_rule: impl crate::wire::IntoOption<types::ScheduleRecurrenceRule>,
        ) -> Self {
            self.body = self.body.recurrence_rule(recurrence_rule);
            self
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::CreateScheduleRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for SetLoadTestSchedule {
        type Output = ::std::result::Result<types::Schedule, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::Schedule>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for SetLoadTestSchedule {
        type Output = types::Schedule;
        type Reader = crate::operation::Json<types::Schedule>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "set_load_test_schedule",
            method: "POST",
            path: "/cloud/v6/load_tests/{id}/schedule",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/schedule", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Star a test run.

From [`Client::star_test_run`](crate::Client::star_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct StarTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl StarTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for StarTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for StarTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "star_test_run",
            method: "POST",
            path: "/cloud/v6/test_runs/{id}/star",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/star", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    ///The bare request of a call that is written by hand.
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub(crate) struct StartLoadTest {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        k6_idempotency_key: ::std::option::Option<::std::string::String>,
    }
    impl StartLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
        ) -> Self {
            Self {
                client,
                id,
                k6_idempotency_key: ::std::option::Option::None,
            }
        }
        /**Any string of 1 to 36 characters, such as a UUID. A request with the same key within 10 minutes does not start another run.

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn k6_idempotency_key(
            mut self,
            k6_idempotency_key: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.k6_idempotency_key = crate::wire::IntoOption::into_option(
                k6_idempotency_key,
            );
            self
        }
    }
    impl crate::operation::Operation for StartLoadTest {
        type Output = types::StartLoadTestResponse;
        type Reader = crate::operation::Json<types::StartLoadTestResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "start_load_test",
            method: "POST",
            path: "/cloud/v6/load_tests/{id}/start",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, k6_idempotency_key } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/start", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let mut header_map = ::reqwest::header::HeaderMap::new();
                if let Some(value) = k6_idempotency_key {
                    header_map
                        .append("K6-Idempotency-Key", value.to_string().try_into()?);
                }
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .headers(header_map)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Undo saving the results of a test run.

From [`Client::unsave_test_run`](crate::Client::unsave_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UnsaveTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl UnsaveTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for UnsaveTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UnsaveTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "unsave_test_run",
            method: "POST",
            path: "/cloud/v6/test_runs/{id}/unsave",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/unsave", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Remove the star of a test run.

From [`Client::unstar_test_run`](crate::Client::unstar_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UnstarTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
    }
    impl UnstarTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
        ) -> Self {
            Self { client, id }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
    }
    impl ::std::future::IntoFuture for UnstarTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UnstarTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "unstar_test_run",
            method: "POST",
            path: "/cloud/v6/test_runs/{id}/unstar",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}/unstar", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.post(url).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Change a label key.

From [`Client::update_label_key`](crate::Client::update_label_key). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UpdateLabelKey {
        client: super::Client,
        id: crate::generated::ids::LabelKeyId,
        body: types::LabelKeyPatchRequest,
    }
    impl UpdateLabelKey {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LabelKeyId,
            body: types::LabelKeyPatchRequest,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns a [`LabelKeyResponse`](crate::types::LabelKeyResponse).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): No label key has this id.
- [`Conflict`](crate::ErrorKind::Conflict) (409): Another key has the new name.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::LabelKeyResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::LabelKeyResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///The new description, 1 to 255 characters; null removes it.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn description(
            mut self,
            description: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.body = self.body.description(description);
            self
        }
        ///The new key: 1 to 64 characters, without white space and without `'`, `"`, `;`, `\` and `%`.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn key(
            mut self,
            key: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.body = self.body.key(key);
            self
        }
        ///Sets the whole body, with all that the other setters set.
        #[inline]
        pub fn body(mut self, body: types::LabelKeyPatchRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for UpdateLabelKey {
        type Output = ::std::result::Result<types::LabelKeyResponse, crate::Error>;
        type IntoFuture = crate::ext::Sending<types::LabelKeyResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UpdateLabelKey {
        type Output = types::LabelKeyResponse;
        type Reader = crate::operation::Json<types::LabelKeyResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "update_label_key",
            method: "PATCH",
            path: "/cloud/v6/labels/{id}",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/labels/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client
                    .client
                    .patch(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Change a load test.

From [`Client::update_load_test`](crate::Client::update_load_test). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UpdateLoadTest {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        body: types::PatchLoadTest,
    }
    impl UpdateLoadTest {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
            body: types::PatchLoadTest,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): The change is in conflict with the current state: for example, another load test in the project has the name.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Id of the run to compare others with; null for none. Deprecated.
        #[deprecated(note = "the API deprecates it")]
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn baseline_test_run_id(
            mut self,
            baseline_test_run_id: impl crate::wire::IntoOption<
                crate::generated::ids::TestRunId,
            >,
        ) -> Self {
            self.body = self.body.baseline_test_run_id(baseline_test_run_id);
            self
        }
        ///Number of the k6 version to run the test with, one that the stack offers.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn k6_version(
            mut self,
            k6_version: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.k6_version(k6_version);
            self
        }
        ///The new name of the load test, 1 to 300 characters. No other load test in the project may have it.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn name(
            mut self,
            name: impl crate::wire::IntoOption<::std::string::String>,
        ) -> Self {
            self.body = self.body.name(name);
            self
        }
        ///Sets the whole body, with all that the other setters set.
        #[inline]
        pub fn body(mut self, body: types::PatchLoadTest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for UpdateLoadTest {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UpdateLoadTest {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "update_load_test",
            method: "PATCH",
            path: "/cloud/v6/load_tests/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.patch(url).json(&body).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Rename a project.

From [`Client::update_project`](crate::Client::update_project). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UpdateProject {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
        body: types::PatchProject,
    }
    impl UpdateProject {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
            body: types::PatchProject,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Conflict`](crate::ErrorKind::Conflict) (409): Another project has the name.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::PatchProject) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for UpdateProject {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UpdateProject {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "update_project",
            method: "PATCH",
            path: "/cloud/v6/projects/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.patch(url).json(&body).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Change the limits of a project.

From [`Client::update_project_limits`](crate::Client::update_project_limits). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UpdateProjectLimits {
        client: super::Client,
        id: crate::generated::ids::ProjectId,
        body: types::PatchProjectLimitsRequest,
    }
    impl UpdateProjectLimits {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::ProjectId,
            body: types::PatchProjectLimitsRequest,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Maximum duration of a test in seconds; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn duration_max_per_test(
            mut self,
            duration_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.duration_max_per_test(duration_max_per_test);
            self
        }
        ///Maximum number of browser VUs per test; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn vu_browser_max_per_test(
            mut self,
            vu_browser_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.vu_browser_max_per_test(vu_browser_max_per_test);
            self
        }
        ///Maximum number of VUs per test; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn vu_max_per_test(
            mut self,
            vu_max_per_test: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.vu_max_per_test(vu_max_per_test);
            self
        }
        ///Maximum number of virtual user hours (VUH) per month; null removes the limit.
        /**

`None` sends null, which removes the value; without this call the value stays as it is.*/
        #[inline]
        pub fn vuh_max_per_month(
            mut self,
            vuh_max_per_month: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.vuh_max_per_month(vuh_max_per_month);
            self
        }
        ///Sets the whole body, with all that the other setters set.
        #[inline]
        pub fn body(mut self, body: types::PatchProjectLimitsRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for UpdateProjectLimits {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UpdateProjectLimits {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "update_project_limits",
            method: "PATCH",
            path: "/cloud/v6/projects/{id}/limits",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/projects/{}/limits", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client.client.patch(url).json(&body).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Change the note of a test run.

From [`Client::update_test_run`](crate::Client::update_test_run). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct UpdateTestRun {
        client: super::Client,
        id: crate::generated::ids::TestRunId,
        body: types::PatchTestRun,
    }
    impl UpdateTestRun {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::TestRunId,
            body: types::PatchTestRun,
        ) -> Self {
            Self { client, id, body }
        }
        /**Sends the request.

Returns nothing: the success itself is the result.

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`NotFound`](crate::ErrorKind::NotFound) (404): The resource does not exist.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(self) -> ::std::result::Result<(), crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<ResponseValue<()>, crate::Error> {
            crate::ext::response(self).await
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::PatchTestRun) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for UpdateTestRun {
        type Output = ::std::result::Result<(), crate::Error>;
        type IntoFuture = crate::ext::Sending<()>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for UpdateTestRun {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "update_test_run",
            method: "PATCH",
            path: "/cloud/v6/test_runs/{id}",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: false,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/test_runs/{}", client.baseurl, crate ::wire::PathValue(&
                    id),
                );
                let request = client.client.patch(url).json(&body).build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    ///The bare request of a call that is written by hand.
    #[derive(Debug)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub(crate) struct UploadLoadTestScript {
        client: super::Client,
        id: crate::generated::ids::LoadTestId,
        body: reqwest::Body,
    }
    impl UploadLoadTestScript {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            id: crate::generated::ids::LoadTestId,
            body: reqwest::Body,
        ) -> Self {
            Self { client, id, body }
        }
    }
    impl crate::operation::Operation for UploadLoadTestScript {
        type Output = ();
        type Reader = crate::operation::Empty;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "upload_load_test_script",
            method: "PUT",
            path: "/cloud/v6/load_tests/{id}/script",
            success: 200u16..=299u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, id, body } = self;
            let make = || {
                let url = format!(
                    "{}/cloud/v6/load_tests/{}/script", client.baseurl, crate
                    ::wire::PathValue(& id),
                );
                let request = client
                    .client
                    .put(url)
                    .header(
                        ::reqwest::header::CONTENT_TYPE,
                        ::reqwest::header::HeaderValue::from_static(
                            "application/octet-stream",
                        ),
                    )
                    .body(body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
    /**Validate the options of a script and estimate the cost.

From [`Client::validate_options`](crate::Client::validate_options). [`send`](Self::send) sends the request, and so does `.await`.*/
    #[derive(Debug, Clone)]
    #[must_use = "a call does nothing until it is sent: `.send().await`"]
    pub struct ValidateOptions {
        client: super::Client,
        body: types::ValidateOptionsRequest,
    }
    impl ValidateOptions {
        #[inline]
        pub(crate) fn new(
            client: super::Client,
            body: types::ValidateOptionsRequest,
        ) -> Self {
            Self { client, body }
        }
        /**Sends the request.

Returns a [`ValidateOptionsResponse`](crate::types::ValidateOptionsResponse).

# Errors

- [`InvalidRequest`](crate::ErrorKind::InvalidRequest) (400): The request is not valid.
- [`Unauthenticated`](crate::ErrorKind::Unauthenticated) (401): The token is missing or not valid.
- [`Forbidden`](crate::ErrorKind::Forbidden) (403): The token is valid, but does not permit the operation, or the plan of the stack does not.
- [`Server`](crate::ErrorKind::Server) (500): An unexpected error of the service.

Every call can also fail on its way to the server and back: see [`ErrorKind`](crate::ErrorKind).*/
        #[inline]
        pub async fn send(
            self,
        ) -> ::std::result::Result<types::ValidateOptionsResponse, crate::Error> {
            crate::ext::send(self).await
        }
        /**Sends the request, and returns the value with the status and the headers of the response.

# Errors

Those of [`send`](Self::send).*/
        #[inline]
        pub async fn response(
            self,
        ) -> ::std::result::Result<
            ResponseValue<types::ValidateOptionsResponse>,
            crate::Error,
        > {
            crate::ext::response(self).await
        }
        ///Whether your own machine generates the load. The default is false.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn is_local_execution(
            mut self,
            is_local_execution: impl crate::wire::IntoOption<bool>,
        ) -> Self {
            self.body = self.body.is_local_execution(is_local_execution);
            self
        }
        ///The versions of k6 and its extensions that the script asks for, by name. `k6` is k6 itself. Null or left out for none.
        #[inline]
        pub fn k6_dependencies(
            mut self,
            k6_dependencies: impl ::std::iter::IntoIterator<
                Item = (
                    impl ::std::convert::Into<::std::string::String>,
                    impl ::std::convert::Into<::std::string::String>,
                ),
            >,
        ) -> Self {
            self.body = self.body.k6_dependencies(k6_dependencies);
            self
        }
        ///Leaves out what [`k6_dependencies`](Self::k6_dependencies) sets, as if it had not been called.
        #[inline]
        pub fn clear_k6_dependencies(mut self) -> Self {
            self.body = self.body.clear_k6_dependencies();
            self
        }
        ///Number of the k6 version to run the test with, one that the stack offers. If left out, it is the current major version of the service.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn k6_version(
            mut self,
            k6_version: impl crate::wire::IntoOption<i64>,
        ) -> Self {
            self.body = self.body.k6_version(k6_version);
            self
        }
        ///Id of the project whose limits apply. If null or left out, it is the default project.
        /**

`None` leaves it out, as if the setter had not been called.*/
        #[inline]
        pub fn project_id(
            mut self,
            project_id: impl crate::wire::IntoOption<crate::generated::ids::ProjectId>,
        ) -> Self {
            self.body = self.body.project_id(project_id);
            self
        }
        ///Sets the whole body, with all that was given before and by the other setters.
        #[inline]
        pub fn body(mut self, body: types::ValidateOptionsRequest) -> Self {
            self.body = body;
            self
        }
    }
    impl ::std::future::IntoFuture for ValidateOptions {
        type Output = ::std::result::Result<
            types::ValidateOptionsResponse,
            crate::Error,
        >;
        type IntoFuture = crate::ext::Sending<types::ValidateOptionsResponse>;
        #[inline]
        fn into_future(self) -> Self::IntoFuture {
            ::std::boxed::Box::pin(crate::ext::send(self))
        }
    }
    impl crate::operation::Operation for ValidateOptions {
        type Output = types::ValidateOptionsResponse;
        type Reader = crate::operation::Json<types::ValidateOptionsResponse>;
        const SPEC: &'static crate::operation::OperationSpec = &crate::operation::OperationSpec {
            id: "validate_options",
            method: "POST",
            path: "/cloud/v6/validate_options",
            success: 200u16..=200u16,
            streamed: false,
            retry_safe: true,
            needs_stack_id: true,
        };
        #[inline]
        fn client(&self) -> &super::Client {
            &self.client
        }
        #[inline]
        fn request(
            self,
        ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
            let Self { client, body } = self;
            let make = || {
                let url = format!("{}/cloud/v6/validate_options", client.baseurl,);
                let request = client
                    .client
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()?;
                Ok(request)
            };
            let request = make();
            (client, request)
        }
    }
}
/**# Authorization

Authentication: what a token gives access to.*/
impl Client {
    /**Get the stack and the default project of a token.

Checks the token against the Grafana stack at the given address. Returns the id of the stack, which all other requests send in `X-Stack-Id`, and the id of its default project. This is the only operation that does not take the id of the stack.

Returns a [`AuthenticationResponse`](crate::types::AuthenticationResponse).

# Arguments

- `x_stack_url`: Address of the Grafana stack, for example `https://shop.grafana.net`.

```no_run
# async fn example(client: k6_cloud::Client, x_stack_url: ::std::string::String) -> Result<(), k6_cloud::Error> {
let authentication = client.authenticate(x_stack_url).send().await?;
# Ok(()) }
```

`GET /cloud/v6/auth`*/
    #[inline]
    pub fn authenticate(
        &self,
        x_stack_url: impl ::std::convert::Into<::std::string::String>,
    ) -> builder::Authenticate {
        builder::Authenticate::new(self.clone(), x_stack_url.into())
    }
}
/**# Labels

The label keys of an organization, and the labels of its projects.*/
impl Client {
    /**Create label keys.

Adds up to 100 keys. An organization can have 100 keys in total. Returns the keys with their ids. Only an admin may do this.

Returns a [`LabelKeyListResponse`](crate::types::LabelKeyListResponse).

# Arguments

- `value`: The keys, 1 to 100.

```no_run
# async fn example(client: k6_cloud::Client, value: ::std::vec::Vec<k6_cloud::types::LabelKeyCreateItem>) -> Result<(), k6_cloud::Error> {
let label_key_list = client.create_label_keys(value).send().await?;
# Ok(()) }
```

`POST /cloud/v6/labels`*/
    #[inline]
    pub fn create_label_keys(
        &self,
        value: impl ::std::iter::IntoIterator<
            Item = impl ::std::convert::Into<types::LabelKeyCreateItem>,
        >,
    ) -> builder::CreateLabelKeys {
        builder::CreateLabelKeys::new(
            self.clone(),
            types::LabelKeyCreateRequest::new(value),
        )
    }
    /**Delete a label key.

Deletes a key, and removes it from all projects. This cannot be undone. Only an admin may do this.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the label key.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_label_key(42).send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/labels/{id}`*/
    #[inline]
    pub fn delete_label_key(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LabelKeyId>,
    ) -> builder::DeleteLabelKey {
        builder::DeleteLabelKey::new(self.clone(), id.into())
    }
    /**Remove a label from a project.

Removes one label from a project. The label key still exists, and other projects keep their labels.

Returns nothing: the success itself is the result.

# Arguments

- `project_id`: Id of the project.
- `key`: Key of the label. This is not the id of the label key.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_project_label(42, "key").send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/projects/{project_id}/labels/{key}`*/
    #[inline]
    pub fn delete_project_label(
        &self,
        project_id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        key: impl ::std::convert::Into<::std::string::String>,
    ) -> builder::DeleteProjectLabel {
        builder::DeleteProjectLabel::new(self.clone(), project_id.into(), key.into())
    }
    /**List the label keys of the organization.

Returns all label keys of the organization, in one response. Projects can have labels with these keys.

Returns the whole list. `stream()` yields every [`LabelKeyResponse`](crate::types::LabelKeyResponse).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_label_keys().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/labels`*/
    #[inline]
    pub fn list_label_keys(&self) -> builder::ListLabelKeys {
        builder::ListLabelKeys::new(self.clone())
    }
    /**List the labels of a project.

Returns all labels of a project, in one response.

Returns the whole list. `stream()` yields every [`ProjectLabelItem`](crate::types::ProjectLabelItem).

# Arguments

- `project_id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_labels(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/projects/{project_id}/labels`*/
    #[inline]
    pub fn list_project_labels(
        &self,
        project_id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::ListProjectLabels {
        builder::ListProjectLabels::new(self.clone(), project_id.into())
    }
    /**Set the labels of a project.

Replaces all labels of a project by those of the request, up to 30. Labels that the request leaves out are removed. An organization can have 500 different pairs of key and value. Only an admin or an editor may do this.

Returns a [`ProjectLabelPutResponse`](crate::types::ProjectLabelPutResponse).

# Arguments

- `project_id`: Id of the project.
- `value`: The labels, at most 30, each with another key. An empty list removes all labels.

```no_run
# async fn example(client: k6_cloud::Client, value: ::std::vec::Vec<k6_cloud::types::ProjectLabelPutItem>) -> Result<(), k6_cloud::Error> {
let project_label_put = client.replace_project_labels(42, value).send().await?;
# Ok(()) }
```

`PUT /cloud/v6/projects/{project_id}/labels`*/
    #[inline]
    pub fn replace_project_labels(
        &self,
        project_id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        value: impl ::std::iter::IntoIterator<
            Item = impl ::std::convert::Into<types::ProjectLabelPutItem>,
        >,
    ) -> builder::ReplaceProjectLabels {
        builder::ReplaceProjectLabels::new(
            self.clone(),
            project_id.into(),
            types::ProjectLabelPutRequest::new(value),
        )
    }
    /**Change a label key.

Changes the name of a key, its description, or both. Projects that have the key get the change. Properties that you leave out stay as they are. Only an admin may do this.

Returns a [`LabelKeyResponse`](crate::types::LabelKeyResponse).

# Arguments

- `id`: Id of the label key.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let label_key = client.update_label_key(42).send().await?;
# Ok(()) }
```

`PATCH /cloud/v6/labels/{id}`*/
    #[inline]
    pub fn update_label_key(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LabelKeyId>,
    ) -> builder::UpdateLabelKey {
        builder::UpdateLabelKey::new(
            self.clone(),
            id.into(),
            types::LabelKeyPatchRequest::new(),
        )
    }
}
/**# Load tests

Create, change, move, run and delete them, upload their scripts, and check options before a run.

See also [`create_load_test`](Self::create_load_test), [`get_load_test_script`](Self::get_load_test_script), [`start_load_test`](Self::start_load_test), [`upload_load_test_script`](Self::upload_load_test_script).*/
impl Client {
    /**Delete a load test.

Deletes a load test.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the load test.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_load_test(42).send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/load_tests/{id}`*/
    #[inline]
    pub fn delete_load_test(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
    ) -> builder::DeleteLoadTest {
        builder::DeleteLoadTest::new(self.clone(), id.into())
    }
    /**Get a load test.

Returns the properties of a load test. Its script is a resource of its own.

Returns a [`LoadTest`](crate::types::LoadTest).

# Arguments

- `id`: Id of the load test.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let load_test = client.get_load_test(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/load_tests/{id}`*/
    #[inline]
    pub fn get_load_test(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
    ) -> builder::GetLoadTest {
        builder::GetLoadTest::new(self.clone(), id.into())
    }
    /**List all load tests.

Returns one page of the load tests that the token has access to, in all projects of the stack.

`stream()` reads the list over all pages, and yields every [`LoadTest`](crate::types::LoadTest).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_tests().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/load_tests`*/
    #[inline]
    pub fn list_load_tests(&self) -> builder::ListLoadTests {
        builder::ListLoadTests::new(self.clone())
    }
    /**List the load tests of a project.

Returns one page of the load tests of a project.

`stream()` reads the list over all pages, and yields every [`LoadTest`](crate::types::LoadTest).

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_load_tests(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/projects/{id}/load_tests`*/
    #[inline]
    pub fn list_project_load_tests(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::ListProjectLoadTests {
        builder::ListProjectLoadTests::new(self.clone(), id.into())
    }
    /**Move a load test to another project.

Moves a load test to another project. Its runs move with it.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the load test.
- `project_id`: Id of the new project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.move_load_test(42, 42).send().await?;
# Ok(()) }
```

`PUT /cloud/v6/load_tests/{id}/move`*/
    #[inline]
    pub fn move_load_test(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
        project_id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::MoveLoadTest {
        builder::MoveLoadTest::new(
            self.clone(),
            id.into(),
            types::MoveLoadTest::new(project_id),
        )
    }
    /**Change a load test.

Changes the name of a load test or its k6 version. Properties that you leave out stay as they are.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the load test.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.update_load_test(42).send().await?;
# Ok(()) }
```

`PATCH /cloud/v6/load_tests/{id}`*/
    #[inline]
    pub fn update_load_test(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
    ) -> builder::UpdateLoadTest {
        builder::UpdateLoadTest::new(
            self.clone(),
            id.into(),
            types::PatchLoadTest::new(),
        )
    }
    /**Validate the options of a script and estimate the cost.

Validates options without starting a run. Returns the virtual user hours (VUH) that a run is expected to use, with a breakdown.

Returns a [`ValidateOptionsResponse`](crate::types::ValidateOptionsResponse).

# Arguments

- `options`: The options to validate.

```no_run
# async fn example(client: k6_cloud::Client, options: k6_cloud::types::Options) -> Result<(), k6_cloud::Error> {
let validate_options = client.validate_options(options).send().await?;
# Ok(()) }
```

`POST /cloud/v6/validate_options`*/
    #[doc(alias = "cost")]
    #[doc(alias = "estimate")]
    #[doc(alias = "VUH")]
    #[inline]
    pub fn validate_options(
        &self,
        options: impl ::std::convert::Into<types::Options>,
    ) -> builder::ValidateOptions {
        builder::ValidateOptions::new(
            self.clone(),
            types::ValidateOptionsRequest::new(options),
        )
    }
}
/**# Load zones

The locations that generate load, and the projects that may use private ones.*/
impl Client {
    /**List the projects that may use a private load zone.

Returns the projects that may use a private load zone, in one response. All projects may use a public zone, and its list is empty.

Returns the whole list. `stream()` yields every [`AllowedProject`](crate::types::AllowedProject).

# Arguments

- `id`: Id of the load zone. This is not the identifier that scripts use.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_zone_allowed_projects(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/load_zones/{id}/allowed_projects`*/
    #[inline]
    pub fn list_load_zone_allowed_projects(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadZoneId>,
    ) -> builder::ListLoadZoneAllowedProjects {
        builder::ListLoadZoneAllowedProjects::new(self.clone(), id.into())
    }
    /**List load zones.

Returns all load zones of the stack, public and private ones, in one response.

Returns the whole list. `stream()` yields every [`LoadZone`](crate::types::LoadZone).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_zones().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/load_zones`*/
    #[inline]
    pub fn list_load_zones(&self) -> builder::ListLoadZones {
        builder::ListLoadZones::new(self.clone())
    }
    /**List the private load zones that a project may use.

Returns the private load zones that the load tests of a project may use, in one response. The list is empty for a new project. Public zones are open to all projects and are not in the list.

Returns the whole list. `stream()` yields every [`AllowedLoadZone`](crate::types::AllowedLoadZone).

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_allowed_load_zones(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/projects/{id}/allowed_load_zones`*/
    #[inline]
    pub fn list_project_allowed_load_zones(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::ListProjectAllowedLoadZones {
        builder::ListProjectAllowedLoadZones::new(self.clone(), id.into())
    }
    /**Set the projects that may use a private load zone.

Replaces the list of projects that may use a private load zone. A project that the new list leaves out may no longer use the zone. Public zones are open to all projects.

Returns a [`AllowedProjectsList`](crate::types::AllowedProjectsList).

# Arguments

- `id`: Id of the load zone. This is not the identifier that scripts use.
- `value`: The projects, at most 500.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let allowed_projects_list = client.replace_load_zone_allowed_projects(42, [42, 43]).send().await?;
# Ok(()) }
```

`PUT /cloud/v6/load_zones/{id}/allowed_projects`*/
    #[inline]
    pub fn replace_load_zone_allowed_projects(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadZoneId>,
        value: impl ::std::iter::IntoIterator<
            Item = impl ::std::convert::Into<types::AllowedProjectToUpdate>,
        >,
    ) -> builder::ReplaceLoadZoneAllowedProjects {
        builder::ReplaceLoadZoneAllowedProjects::new(
            self.clone(),
            id.into(),
            types::UpdateAllowedProjectsList::new(value),
        )
    }
    /**Set the private load zones that a project may use.

Replaces the list of private load zones that the load tests of a project may use. The project may no longer use a zone that the new list leaves out. Public zones are open to all projects and are not in the list.

Returns a [`AllowedLoadZonesList`](crate::types::AllowedLoadZonesList).

# Arguments

- `id`: Id of the project.
- `value`: The load zones, at most 500.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let allowed_load_zones_list = client.replace_project_allowed_load_zones(42, [42, 43]).send().await?;
# Ok(()) }
```

`PUT /cloud/v6/projects/{id}/allowed_load_zones`*/
    #[inline]
    pub fn replace_project_allowed_load_zones(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        value: impl ::std::iter::IntoIterator<
            Item = impl ::std::convert::Into<types::AllowedLoadZoneToUpdate>,
        >,
    ) -> builder::ReplaceProjectAllowedLoadZones {
        builder::ReplaceProjectAllowedLoadZones::new(
            self.clone(),
            id.into(),
            types::UpdateAllowedLoadZonesList::new(value),
        )
    }
}
/**# Projects

Groups of load tests, with their limits.*/
impl Client {
    /**Create a project.

Adds a project. There can be at most 1000 projects. Returns the project with its id.

Returns a [`Project`](crate::types::Project).

# Arguments

- `name`: Name of the project, 1 to 255 characters. No other project in the stack may have it.

```no_run
# async fn example(client: k6_cloud::Client, name: ::std::string::String) -> Result<(), k6_cloud::Error> {
let project = client.create_project(name).send().await?;
# Ok(()) }
```

`POST /cloud/v6/projects`*/
    #[inline]
    pub fn create_project(
        &self,
        name: impl ::std::convert::Into<::std::string::String>,
    ) -> builder::CreateProject {
        builder::CreateProject::new(self.clone(), types::CreateProject::new(name))
    }
    /**Delete a project.

Deletes a project. While one of its load tests has a run in progress, the response is 409.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_project(42).send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/projects/{id}`*/
    #[inline]
    pub fn delete_project(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::DeleteProject {
        builder::DeleteProject::new(self.clone(), id.into())
    }
    /**Get a project.

Returns the properties and labels of a project.

Returns a [`Project`](crate::types::Project).

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let project = client.get_project(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/projects/{id}`*/
    #[inline]
    pub fn get_project(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::GetProject {
        builder::GetProject::new(self.clone(), id.into())
    }
    /**Get the limits of a project.

Returns the limits of a project. Null means no limit.

Returns a [`ProjectLimits`](crate::types::ProjectLimits).

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let project_limits = client.get_project_limits(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/projects/{id}/limits`*/
    #[inline]
    pub fn get_project_limits(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::GetProjectLimits {
        builder::GetProjectLimits::new(self.clone(), id.into())
    }
    /**List the limits of all projects.

Returns one page of the limits of projects, optionally only those of some projects. You cannot choose the order.

`stream()` reads the list over all pages, and yields every [`ProjectLimits`](crate::types::ProjectLimits).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_project_limits().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/project-limits`*/
    #[inline]
    pub fn list_project_limits(&self) -> builder::ListProjectLimits {
        builder::ListProjectLimits::new(self.clone())
    }
    /**List projects.

Returns one page of the projects that the token has access to.

`stream()` reads the list over all pages, and yields every [`Project`](crate::types::Project).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_projects().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/projects`*/
    #[inline]
    pub fn list_projects(&self) -> builder::ListProjects {
        builder::ListProjects::new(self.clone())
    }
    /**Rename a project.

Changes the name of a project. This operation changes nothing else.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the project.
- `name`: The new name of the project, 1 to 255 characters. No other project in the stack may have it.

```no_run
# async fn example(client: k6_cloud::Client, name: ::std::string::String) -> Result<(), k6_cloud::Error> {
client.update_project(42, name).send().await?;
# Ok(()) }
```

`PATCH /cloud/v6/projects/{id}`*/
    #[inline]
    pub fn update_project(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
        name: impl ::std::convert::Into<::std::string::String>,
    ) -> builder::UpdateProject {
        builder::UpdateProject::new(
            self.clone(),
            id.into(),
            types::PatchProject::new(name),
        )
    }
    /**Change the limits of a project.

Sets or removes limits of a project. A limit that you leave out stays as it is, and null removes a limit.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the project.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.update_project_limits(42).send().await?;
# Ok(()) }
```

`PATCH /cloud/v6/projects/{id}/limits`*/
    #[inline]
    pub fn update_project_limits(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ProjectId>,
    ) -> builder::UpdateProjectLimits {
        builder::UpdateProjectLimits::new(
            self.clone(),
            id.into(),
            types::PatchProjectLimitsRequest::new(),
        )
    }
}
/**# Schedules

When the service starts a load test, once or repeatedly.*/
impl Client {
    /**Activate a schedule.

Activates a schedule that was deactivated. If the schedule has expired, the response is 409: set the schedule of the load test again instead.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the schedule.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.activate_schedule(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/schedules/{id}/activate`*/
    #[inline]
    pub fn activate_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ScheduleId>,
    ) -> builder::ActivateSchedule {
        builder::ActivateSchedule::new(self.clone(), id.into())
    }
    /**Deactivate a schedule.

Deactivates a schedule: it starts no runs until you activate it. This does not delay its expiry. It has no effect on a schedule that has expired.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the schedule.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.deactivate_schedule(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/schedules/{id}/deactivate`*/
    #[inline]
    pub fn deactivate_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ScheduleId>,
    ) -> builder::DeactivateSchedule {
        builder::DeactivateSchedule::new(self.clone(), id.into())
    }
    /**Delete a schedule.

Deletes a schedule. The service no longer starts the load test.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the schedule.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_schedule(42).send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/schedules/{id}`*/
    #[inline]
    pub fn delete_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ScheduleId>,
    ) -> builder::DeleteSchedule {
        builder::DeleteSchedule::new(self.clone(), id.into())
    }
    /**Get the schedule of a load test.

Returns the schedule of a load test. If the load test has no schedule, the response is 404.

Returns a [`Schedule`](crate::types::Schedule).

# Arguments

- `id`: Id of the load test.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let schedule = client.get_load_test_schedule(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/load_tests/{id}/schedule`*/
    #[inline]
    pub fn get_load_test_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
    ) -> builder::GetLoadTestSchedule {
        builder::GetLoadTestSchedule::new(self.clone(), id.into())
    }
    /**Get a schedule.

Returns a schedule with the time of its next run.

Returns a [`Schedule`](crate::types::Schedule).

# Arguments

- `id`: Id of the schedule.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let schedule = client.get_schedule(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/schedules/{id}`*/
    #[inline]
    pub fn get_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::ScheduleId>,
    ) -> builder::GetSchedule {
        builder::GetSchedule::new(self.clone(), id.into())
    }
    /**List all schedules.

Returns one page of the schedules of the load tests that the token has access to. You cannot choose the order.

`stream()` reads the list over all pages, and yields every [`Schedule`](crate::types::Schedule).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_schedules().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/schedules`*/
    #[inline]
    pub fn list_schedules(&self) -> builder::ListSchedules {
        builder::ListSchedules::new(self.clone())
    }
    /**Set the schedule of a load test.

Sets when the service starts a load test, and activates the schedule. If the load test already has a schedule, that one keeps its id, and everything else in it is replaced.

Returns a [`Schedule`](crate::types::Schedule).

# Arguments

- `id`: Id of the load test.
- `starts`: Time of the first run. With `cron`, the time from which the expression applies.

```no_run
# async fn example(client: k6_cloud::Client, starts: k6_cloud::wire::Timestamp) -> Result<(), k6_cloud::Error> {
let schedule = client.set_load_test_schedule(42, starts).send().await?;
# Ok(()) }
```

`POST /cloud/v6/load_tests/{id}/schedule`*/
    #[inline]
    pub fn set_load_test_schedule(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
        starts: impl ::std::convert::Into<crate::wire::Timestamp>,
    ) -> builder::SetLoadTestSchedule {
        builder::SetLoadTestSchedule::new(
            self.clone(),
            id.into(),
            types::CreateScheduleRequest::new(starts),
        )
    }
}
/**# Test runs

Single executions of a load test, with their status, result, cost and script.

See also [`get_test_run_script`](Self::get_test_run_script).*/
impl Client {
    /**Abort a test run.

Aborts a run. If the run is not in progress, the response is 409.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.abort_test_run(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/test_runs/{id}/abort`*/
    #[doc(alias = "cancel")]
    #[doc(alias = "stop")]
    #[inline]
    pub fn abort_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::AbortTestRun {
        builder::AbortTestRun::new(self.clone(), id.into())
    }
    /**Delete a test run.

Deletes a run. While the run is in progress, the response is 409: abort it first, or wait until it ends.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.delete_test_run(42).send().await?;
# Ok(()) }
```

`DELETE /cloud/v6/test_runs/{id}`*/
    #[inline]
    pub fn delete_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::DeleteTestRun {
        builder::DeleteTestRun::new(self.clone(), id.into())
    }
    /**Get a test run.

Returns the current state of a run. Its status, cost and billable duration change while it is in progress. `completed` and `aborted` are the final statuses.

Returns a [`TestRun`](crate::types::TestRun).

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let test_run = client.get_test_run(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/test_runs/{id}`*/
    #[inline]
    pub fn get_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::GetTestRun {
        builder::GetTestRun::new(self.clone(), id.into())
    }
    /**Get the distribution of a test run.

Returns, for each load zone of a run, its share of the load and the machines that generate it. If the run has no such data, the response is 404.

Returns a [`TestRunDistribution`](crate::types::TestRunDistribution).

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let test_run_distribution = client.get_test_run_distribution(42).send().await?;
# Ok(()) }
```

`GET /cloud/v6/test_runs/{id}/distribution`*/
    #[inline]
    pub fn get_test_run_distribution(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::GetTestRunDistribution {
        builder::GetTestRunDistribution::new(self.clone(), id.into())
    }
    /**List the runs of a load test.

Returns one page of the runs of a load test, optionally filtered by creation time and star.

`stream()` reads the list over all pages, and yields every [`TestRun`](crate::types::TestRun).

# Arguments

- `id`: Id of the load test.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_load_test_runs(42).stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/load_tests/{id}/test_runs`*/
    #[inline]
    pub fn list_load_test_runs(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::LoadTestId>,
    ) -> builder::ListLoadTestRuns {
        builder::ListLoadTestRuns::new(self.clone(), id.into())
    }
    /**List all test runs.

Returns one page of the runs that the token has access to, of all load tests in the stack, optionally filtered by creation time. You cannot choose the order.

`stream()` reads the list over all pages, and yields every [`TestRun`](crate::types::TestRun).

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
let mut rows = client.list_test_runs().stream();
while let Some(row) = rows.try_next().await? {
    println!("{row:?}");
}
# Ok(()) }
```

`GET /cloud/v6/test_runs`*/
    #[inline]
    pub fn list_test_runs(&self) -> builder::ListTestRuns {
        builder::ListTestRuns::new(self.clone())
    }
    /**Save the results of a test run.

**Deprecated**: use [`star_test_run`](Self::star_test_run); the removal of this call was announced for 2026-09-01.

Deprecated: use `test_runs_star` instead. The removal was announced for 2026-09-01. Keeps the results of a run from expiring, which a star does not do. If the results are deleted already, or if no more runs can be saved, the response is 409.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# #[expect(deprecated)]
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.save_test_run(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/test_runs/{id}/save`*/
    #[deprecated(
        note = "use `star_test_run`; the removal of this call was announced for 2026-09-01"
    )]
    #[inline]
    pub fn save_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::SaveTestRun {
        builder::SaveTestRun::new(self.clone(), id.into())
    }
    /**Star a test run.

Gives a run a star, so that you find it quickly when you compare runs. A star does not change when the results expire.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.star_test_run(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/test_runs/{id}/star`*/
    #[inline]
    pub fn star_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::StarTestRun {
        builder::StarTestRun::new(self.clone(), id.into())
    }
    /**Undo saving the results of a test run.

**Deprecated**: use [`unstar_test_run`](Self::unstar_test_run); the removal of this call was announced for 2026-09-01.

Deprecated: use `test_runs_unstar` instead. The removal was announced for 2026-09-01. Undoes a save: the results of the run can expire again.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# #[expect(deprecated)]
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.unsave_test_run(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/test_runs/{id}/unsave`*/
    #[deprecated(
        note = "use `unstar_test_run`; the removal of this call was announced for 2026-09-01"
    )]
    #[inline]
    pub fn unsave_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::UnsaveTestRun {
        builder::UnsaveTestRun::new(self.clone(), id.into())
    }
    /**Remove the star of a test run.

Removes the star of a run.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.

```no_run
# async fn example(client: k6_cloud::Client) -> Result<(), k6_cloud::Error> {
client.unstar_test_run(42).send().await?;
# Ok(()) }
```

`POST /cloud/v6/test_runs/{id}/unstar`*/
    #[inline]
    pub fn unstar_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
    ) -> builder::UnstarTestRun {
        builder::UnstarTestRun::new(self.clone(), id.into())
    }
    /**Change the note of a test run.

Replaces the note of a run. Other properties in the body are an error.

Returns nothing: the success itself is the result.

# Arguments

- `id`: Id of the test run.
- `note`: The new note.

```no_run
# async fn example(client: k6_cloud::Client, note: ::std::string::String) -> Result<(), k6_cloud::Error> {
client.update_test_run(42, note).send().await?;
# Ok(()) }
```

`PATCH /cloud/v6/test_runs/{id}`*/
    #[doc(alias = "note")]
    #[doc(alias = "comment")]
    #[inline]
    pub fn update_test_run(
        &self,
        id: impl ::std::convert::Into<crate::generated::ids::TestRunId>,
        note: impl ::std::convert::Into<::std::string::String>,
    ) -> builder::UpdateTestRun {
        builder::UpdateTestRun::new(
            self.clone(),
            id.into(),
            types::PatchTestRun::new(note),
        )
    }
}
/// A probe of each operation.
#[cfg(test)]
pub(crate) fn probes() -> ::std::vec::Vec<crate::evidence::Probe> {
    [
        crate::evidence::Probe::of::<builder::AbortTestRun>(),
        crate::evidence::Probe::of::<builder::ActivateSchedule>(),
        crate::evidence::Probe::of::<builder::Authenticate>(),
        crate::evidence::Probe::of::<builder::CreateLabelKeys>(),
        crate::evidence::Probe::of::<builder::CreateLoadTest>(),
        crate::evidence::Probe::of::<builder::CreateProject>(),
        crate::evidence::Probe::of::<builder::DeactivateSchedule>(),
        crate::evidence::Probe::of::<builder::DeleteLabelKey>(),
        crate::evidence::Probe::of::<builder::DeleteLoadTest>(),
        crate::evidence::Probe::of::<builder::DeleteProject>(),
        crate::evidence::Probe::of::<builder::DeleteProjectLabel>(),
        crate::evidence::Probe::of::<builder::DeleteSchedule>(),
        crate::evidence::Probe::of::<builder::DeleteTestRun>(),
        crate::evidence::Probe::of::<builder::GetLoadTest>(),
        crate::evidence::Probe::of::<builder::GetLoadTestSchedule>(),
        crate::evidence::Probe::of::<builder::GetLoadTestScript>(),
        crate::evidence::Probe::of::<builder::GetProject>(),
        crate::evidence::Probe::of::<builder::GetProjectLimits>(),
        crate::evidence::Probe::of::<builder::GetSchedule>(),
        crate::evidence::Probe::of::<builder::GetTestRun>(),
        crate::evidence::Probe::of::<builder::GetTestRunDistribution>(),
        crate::evidence::Probe::of::<builder::GetTestRunScript>(),
        crate::evidence::Probe::of::<builder::ListLabelKeys>(),
        crate::evidence::Probe::of::<builder::ListLoadTestRuns>(),
        crate::evidence::Probe::of::<builder::ListLoadTests>(),
        crate::evidence::Probe::of::<builder::ListLoadZoneAllowedProjects>(),
        crate::evidence::Probe::of::<builder::ListLoadZones>(),
        crate::evidence::Probe::of::<builder::ListProjectAllowedLoadZones>(),
        crate::evidence::Probe::of::<builder::ListProjectLabels>(),
        crate::evidence::Probe::of::<builder::ListProjectLimits>(),
        crate::evidence::Probe::of::<builder::ListProjectLoadTests>(),
        crate::evidence::Probe::of::<builder::ListProjects>(),
        crate::evidence::Probe::of::<builder::ListSchedules>(),
        crate::evidence::Probe::of::<builder::ListTestRuns>(),
        crate::evidence::Probe::of::<builder::MoveLoadTest>(),
        crate::evidence::Probe::of::<builder::ReplaceLoadZoneAllowedProjects>(),
        crate::evidence::Probe::of::<builder::ReplaceProjectAllowedLoadZones>(),
        crate::evidence::Probe::of::<builder::ReplaceProjectLabels>(),
        crate::evidence::Probe::of::<builder::SaveTestRun>(),
        crate::evidence::Probe::of::<builder::SetLoadTestSchedule>(),
        crate::evidence::Probe::of::<builder::StarTestRun>(),
        crate::evidence::Probe::of::<builder::StartLoadTest>(),
        crate::evidence::Probe::of::<builder::UnsaveTestRun>(),
        crate::evidence::Probe::of::<builder::UnstarTestRun>(),
        crate::evidence::Probe::of::<builder::UpdateLabelKey>(),
        crate::evidence::Probe::of::<builder::UpdateLoadTest>(),
        crate::evidence::Probe::of::<builder::UpdateProject>(),
        crate::evidence::Probe::of::<builder::UpdateProjectLimits>(),
        crate::evidence::Probe::of::<builder::UpdateTestRun>(),
        crate::evidence::Probe::of::<builder::UploadLoadTestScript>(),
        crate::evidence::Probe::of::<builder::ValidateOptions>(),
    ]
        .into()
}
pub mod enums {
    crate::wire::open_enum! {
        #[doc = "The unit of a recurrence rule's interval."] Frequency { Hourly =
        "HOURLY", Daily = "DAILY", Weekly = "WEEKLY", Monthly = "MONTHLY", Yearly =
        "YEARLY", }
    }
    crate::wire::open_enum! {
        #[doc =
        "The result of a test run: `passed` without issues, `failed` with a breached threshold, or `error` when it did not get through."]
        RunResult { Passed = "passed", Failed = "failed", Error = "error", }
    }
    crate::wire::open_enum! {
        #[doc =
        "The status of a test run. A run starts as `created`, may be `queued`, then goes on to be `initializing`, `running` and `processing_metrics`, and ends as `completed` or `aborted`."]
        RunStatus { Created = "created", Queued = "queued", Initializing =
        "initializing", Running = "running", ProcessingMetrics = "processing_metrics",
        Completed = "completed", Aborted = "aborted", }
    }
    crate::wire::open_enum! {
        #[doc = "A day of the week."] Weekday { Mo = "MO", Tu = "TU", We = "WE", Th =
        "TH", Fr = "FR", Sa = "SA", Su = "SU", }
    }
}
pub mod ids {
    crate::wire::id! {
        #[doc = "The id of a label key."] LabelKeyId
    }
    crate::wire::id! {
        #[doc = "The id of a load test."] LoadTestId
    }
    crate::wire::id! {
        #[doc =
        "The id of a load zone. This is not the identifier that scripts use, such as `amazon:de:frankfurt`."]
        LoadZoneId
    }
    crate::wire::id! {
        #[doc = "The id of a project."] ProjectId
    }
    crate::wire::id! {
        #[doc = "The id of a schedule."] ScheduleId
    }
    crate::wire::id! {
        #[doc = "The id of a Grafana Cloud stack."] StackId
    }
    crate::wire::id! {
        #[doc = "The id of a test run."] TestRunId
    }
}
